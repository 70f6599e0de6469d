"""Settings of kube-vip that its manifest cannot carry out."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.endpoint_readers import BGP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_ARP = "ARP"


def check(subject: Subject) -> Iterator[Finding]:
    """Find BGP, a mode that is none, and an IPv6 VIP."""
    endpoint = subject.endpoint
    if endpoint.internal_loadbalancer != KUBE_VIP:
        return
    place = subject.config.place_at("controlPlaneEndpoint", "kubevip", "mode")
    if endpoint.kubevip_mode == BGP:
        yield RULE.finding(
            T("kube-vip in BGP mode announces the VIP to the other control planes only: no router learns of it"),
            T("Use ARP where all control planes are in one subnet, or cloud-lb with the router's own balancing"),
            at=place,
        )
    elif endpoint.kubevip_mode not in ("", _ARP):
        yield RULE.finding(
            T("kubevip.mode {mode}: kk knows ARP and BGP in capitals only, and uses ARP", mode=endpoint.kubevip_mode),
            T("Write ARP"),
            at=place,
            severity=Severity.WARNING,
        )
    address = ip_of(endpoint.address)
    if address is not None and address.version == 6:
        yield RULE.finding(
            T(
                "kube-vip cannot hold the IPv6 VIP {vip}: kk gives it the prefix /32 and looks for NICs with IPv4 only",
                vip=endpoint.address,
            ),
            T("Give an IPv4 address, or use internal-haproxy or keepalived"),
            at=endpoint.place_of("address"),
        )


RULE = Rule(
    "KK147",
    Severity.ERROR,
    T("a setting of kube-vip that cannot work"),
    check,
    why=T(
        "kk's manifest of kube-vip has constants that no key changes. In BGP mode all peers are the other control planes, with AS 65000 on both sides and no key for a router, so nobody outside hears of the VIP. The VIP's prefix is /32, which of an IPv6 address is no address. A mode in other letters is taken for ARP."
    ),
    source="cmd/kk/pkg/loadbalancer/tasks.go, GenerateKubevipManifest, GetInterfaceName; cmd/kk/pkg/loadbalancer/templates/kubevipManifest.go (vip_cidr, bgp_peers); KubeKey issue 2625",
    bad="""\
kubernetes:
  version: v1.26.5
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
  kubevip:
    mode: BGP
""",
    good="""\
kubernetes:
  version: v1.26.5
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
  kubevip:
    mode: ARP
""",
)
