"""An endpoint address that belongs to a host, or 127.0.0.1, which kk replaces with the first control plane's."""

from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    if subject.endpoint.internal_loadbalancer == HAPROXY:
        return  # KK101 reports it: haproxy allows no address
    address = subject.endpoint.address
    owner = cluster.host_at(address) if address else None
    has_one = len(cluster.control_planes) == 1 and subject.endpoint.internal_loadbalancer != KUBE_VIP
    if has_one and (address == "127.0.0.1" or owner in cluster.control_planes):
        return  # what kk does by default; KK108 reports the only machine
    if owner is not None:
        yield RULE.finding(
            T(
                "address {address} belongs to host {host} (line {line}); if that machine fails, so does the endpoint",
                address=address,
                host=node_names(owner.name),
                line=owner.line,
            ),
            T("Use an address that no machine has: the load balancer's, or a free one in the subnet as the VIP"),
            at=subject.endpoint.place_of("address"),
        )
    elif len(behind_nat := cluster.hosts_reached_at(address)) > 1:
        yield RULE.finding(
            T(
                "SSH reaches {count} hosts at address {address}, so it is a NAT gateway. Does it forward port {port} "
                "to every control plane?",
                address=address,
                count=len(behind_nat),
                port=subject.endpoint.port,
            ),
            T("Check that nodes reach the gateway from inside, or use an address of the cluster network"),
            at=subject.endpoint.place_of("address"),
            severity=Severity.INFO,
        )
    elif address == "127.0.0.1":
        yield RULE.finding(
            T("address is 127.0.0.1: kk replaces it with the first control plane's address"),
            T("Set address to the load balancer's or to the VIP"),
            at=subject.endpoint.place_of("address"),
        )


RULE = Rule(
    "KK104",
    Severity.ERROR,
    T("the endpoint's address belongs to a host"),
    check,
    why=T(
        "address is meant for a load balancer or a floating IP. The address of a host works from the first "
        "day, but makes this host a single point of failure. kk replaces 127.0.0.1 with the first control "
        "plane's own address. If SSH reaches several hosts at the address, it belongs to a NAT gateway, and "
        "kkplan only asks whether the gateway forwards the port."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultLBCfg",
    bad="""\
controlPlaneEndpoint:
  address: 172.16.0.4
""",
    good="""\
controlPlaneEndpoint:
  address: 172.16.0.100
""",
)
