"""Two hosts of one address."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import Host, ip_of, is_ip
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find addresses that two hosts have; a name of a bastion host, behind ports, may be the same for all."""
    owners: dict[str, Host] = {}
    for host in subject.cluster.hosts:
        for address in dict.fromkeys(map(_one_spelling, host.internal_addresses)):
            owner = owners.setdefault(address, host)
            if owner is not host and owner.name != host.name and is_ip(address):
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


def _one_spelling(address: str) -> str:
    """IPv6 addresses have many; of others there is one."""
    return str(ip_of(address) or address) if ":" in address else address


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
