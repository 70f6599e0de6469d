"""An endpoint address that a host of the cluster owns."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find an address that is a host's, or the loopback address, which kk replaces by the first control plane's."""
    cluster = subject.cluster
    if subject.endpoint.internal_loadbalancer == HAPROXY:
        return  # KK101's: no address at all goes with it
    address = subject.endpoint.address
    owner = cluster.host_at(address) if address else None
    is_exclusive = len(cluster.control_planes) == 1 and subject.endpoint.internal_loadbalancer != KUBE_VIP
    if is_exclusive and (address == "127.0.0.1" or owner in cluster.control_planes):
        return  # what kk does by itself: there is one machine to go to, and KK108 says so
    if owner is not None:
        yield RULE.finding(
            T(
                "address {address} is the own address of host {host} (line {line}): with that machine the endpoint dies",
                address=address,
                host=node_names(owner.name),
                line=owner.line,
            ),
            T("Give an address that no machine has: the load balancer's, or a free one of the subnet as VIP"),
            at=subject.endpoint.place_of("address"),
        )
    elif len(behind_nat := cluster.hosts_reached_at(address)) > 1:
        yield RULE.finding(
            T(
                "address {address} is where SSH reaches {count} hosts: a NAT gateway. Is port {port} forwarded there to every control plane?",
                address=address,
                count=len(behind_nat),
                port=subject.endpoint.port,
            ),
            T("Check that nodes reach the gateway from inside, or give an address of the cluster's own network"),
            at=subject.endpoint.place_of("address"),
            severity=Severity.INFO,
        )
    elif address == "127.0.0.1":
        yield RULE.finding(
            T("address 127.0.0.1: kk replaces it by the first control plane's address"),
            T("Give the load balancer's address or the VIP"),
            at=subject.endpoint.place_of("address"),
        )


RULE = Rule(
    "KK104",
    Severity.ERROR,
    T("the endpoint's address belongs to a host"),
    check,
    why=T(
        "The address is meant for a load balancer or a floating IP. That of a host works from the first day on, and makes this host a single point of failure; 127.0.0.1 is replaced by the first control plane's own address. An address where SSH reaches several hosts belongs to a NAT gateway, and is only noted."
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
