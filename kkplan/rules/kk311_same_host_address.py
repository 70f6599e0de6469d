"""Two hosts of one address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from kkplan.cluster.cluster import Host, ip_of
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find addresses that two hosts have; a name of a bastion host, behind ports, may be the same for all."""
    owners: dict[IPv4Address | IPv6Address, Host] = {}
    for host in subject.cluster.hosts:
        for address in {ip for text in host.internal_addresses if (ip := ip_of(text))}:
            owner = owners.setdefault(address, host)
            if owner is not host and owner.name != host.name:
                yield RULE.finding(
                    T(
                        "{host} has the address {address} of {other} (line {line})",
                        host=host.name,
                        address=address,
                        other=owner.name,
                        line=owner.line,
                    ),
                    T("Correct one of them: most often a line was copied"),
                    at=host.place,
                )


RULE = Rule(
    "KK311",
    Severity.ERROR,
    T("two hosts of one internal address"),
    check,
    why=T(
        "kk installs both hosts on the one machine: the second overwrites what the first one was given, the name included. etcd refuses two members of one address, and the machine that was meant is never touched."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/etcd, GenerateConfig",
    bad="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
""",
    good="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: 172.16.0.8, internalAddress: 172.16.0.8, user: root, privateKeyPath: ~/.ssh/id_rsa}
""",
)
