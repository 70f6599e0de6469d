"""A host whose address is a name or missing. KK118 covers control planes, KK314 hosts without a name."""

from kkplan.cluster.cluster import is_ip
from kkplan.locale import T, named, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    control_planes = {host.name for host in subject.cluster.control_planes}
    for host in subject.cluster.hosts:
        if host.name in control_planes or not host.name:
            continue
        wrong = [text for text in host.internal_addresses if not is_ip(text)]
        if wrong or not host.internal_addresses:
            yield RULE.finding(
                T("{host}: {address} is not an IP address", host=node_names(host.name), address=", ".join(wrong))
                if wrong
                else T("{host} has no address", host=node_names(host.name)),
                T(
                    "Set {key} to the machine's IP in the cluster network. The address for SSH may differ",
                    key=named(subject.cluster.address_key),
                ),
                at=host.place,
            )


RULE = Rule(
    "KK312",
    Severity.ERROR,
    T("a host whose internal address is not an IP address"),
    check,
    why=T(
        "kk writes the internal address of each host into the /etc/hosts of every node, into the "
        "certificates and into the kubelet's node IP. With a name instead of an address, the line in "
        "/etc/hosts is invalid and the kubelet does not start."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs",
    bad=HOSTS.replace("172.16.0.8, internalAddress: 172.16.0.8", "node2.example.com"),
    good=HOSTS.replace("address: 172.16.0.8", "address: node2.example.com"),
)
