"""A control plane without an IP address that a load balancer could forward to."""

from kkplan.cluster.cluster import is_ip
from kkplan.locale import T, named, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    for host in subject.cluster.control_planes:
        if not is_ip(host.internal_address):
            yield RULE.finding(
                T(
                    "control plane {host} has no usable {key}",
                    host=node_names(host.name),
                    key=named(subject.cluster.address_key),
                ),
                T("Set it to an IP address"),
                at=host.place,
            )


RULE = Rule(
    "KK118",
    Severity.ERROR,
    T("a control plane without a usable address"),
    check,
    why=T(
        "A load balancer forwards to the internal IP of each control plane. kk writes this IP into "
        "certificates, /etc/hosts and the list of etcd members. A name does not work there."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts",
    bad=HOSTS.replace("172.16.0.4", "master1.example.com"),
    good=HOSTS,
)
