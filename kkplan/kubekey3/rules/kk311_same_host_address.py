"""Two hosts with one internal address, or with one SSH address and port (behind a bastion ports differ)."""

from kkplan.cluster.cluster import Host, ip_of, is_ip
from kkplan.document.scalar import Value
from kkplan.kubekey3.keys import child, value_of
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_DEFAULT_SSH_PORT = 22  # default.go, DefaultSSHPort


def check(subject: Subject) -> Findings:
    owners: dict[str, Host] = {}
    by_ssh: dict[str, Host] = {}
    ports: dict[tuple[str, Value], Host] = {}  # needed only for an address that occurs again
    for host in subject.cluster.hosts:
        for address in dict.fromkeys(map(_one_spelling, host.internal_addresses)):
            owner = owners.setdefault(address, host)
            if owner is not host and owner.name != host.name and is_ip(address):
                yield RULE.finding(
                    T(
                        "{host} has the same address {address} as {other} (line {line})",
                        host=node_names(host.name),
                        address=address,
                        other=node_names(owner.name),
                        line=owner.line,
                    ),
                    T("Fix one of them. Was a line copied?"),
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
                        "SSH connects to {address} port {port} for both {host} and {other} (line {line})",
                        address=host.address,
                        port=_ssh_port(host),
                        host=node_names(host.name),
                        other=node_names(owner.name),
                        line=owner.line,
                    ),
                    T("Fix one of them. Was a line copied?"),
                    at=host.place,
                )


def _ssh_port(host: Host) -> Value:
    return value_of(child(host.source.mapping, "port")) or _DEFAULT_SSH_PORT


def _one_spelling(address: str) -> str:
    """A canonical spelling: IPv6 addresses have many, others have one."""
    return str(ip_of(address) or address) if ":" in address else address


RULE = Rule(
    "KK311",
    Severity.ERROR,
    T("two hosts with the same address"),
    check,
    why=T(
        "kk installs both hosts on the same machine: the second overwrites the settings of the first, "
        "including its name. etcd rejects two members with the same address, and the intended machine is "
        "never installed."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultHostsCfg; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/etcd, GenerateConfig",
    bad=HOSTS.replace("172.16.0.8", "172.16.0.7"),
    good=HOSTS,
)
