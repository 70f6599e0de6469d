"""Two hosts of one address."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import Host, ip_of, is_ip
from kkplan.document.node import Scalar, resolve_alias
from kkplan.document.scalar import Value, meaning
from kkplan.kubekey3.keys import lookup
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_DEFAULT_SSH_PORT = 22  # default.go, DefaultSSHPort


def check(subject: Subject) -> Iterator[Finding]:
    """Find internal addresses that two hosts have, and SSH addresses with one port; ports of a bastion host differ."""
    owners: dict[str, Host] = {}
    by_ssh: dict[str, Host] = {}
    ports: dict[tuple[str, Value], Host] = {}  # looked at only where an address comes again
    for host in subject.cluster.hosts:
        for address in dict.fromkeys(map(_one_spelling, host.internal_addresses)):
            owner = owners.setdefault(address, host)
            if owner is not host and owner.name != host.name and is_ip(address):
                yield RULE.finding(
                    T(
                        "{host} has the address {address} of {other} (line {line})",
                        host=node_names(host.name),
                        address=address,
                        other=node_names(owner.name),
                        line=owner.line,
                    ),
                    T("Correct one of them: most often a line was copied"),
                    at=host.place,
                )
                break
        else:
            first = by_ssh.setdefault(host.address, host)
            if first is host or not host.address:
                continue
            ports.setdefault((host.address, _ssh_port(first)), first)
            owner = ports.setdefault((host.address, _ssh_port(host)), host)
            if owner.name != host.name:
                yield RULE.finding(
                    T(
                        "SSH goes to {address} port {port} for {host} as for {other} (line {line})",
                        address=host.address,
                        port=_ssh_port(host),
                        host=node_names(host.name),
                        other=node_names(owner.name),
                        line=owner.line,
                    ),
                    T("Correct one of them: most often a line was copied"),
                    at=host.place,
                )


def _ssh_port(host: Host) -> Value:
    entry = lookup(host.source.mapping, "port")
    value = resolve_alias(entry.value) if entry is not None else None
    return (meaning(value) if isinstance(value, Scalar) else None) or _DEFAULT_SSH_PORT


def _one_spelling(address: str) -> str:
    """IPv6 addresses have many; of others there is one."""
    return str(ip_of(address) or address) if ":" in address else address


RULE = Rule(
    "KK311",
    Severity.ERROR,
    T("two hosts of one address"),
    check,
    why=T(
        "kk installs both hosts on the one machine: the second overwrites what the first one was given, the name included. etcd refuses two members of one address, and the machine that was meant is never touched."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultHostsCfg; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/etcd, GenerateConfig",
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
