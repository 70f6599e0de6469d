"""Settings of kube-vip that kk's manifest does not support: BGP, an invalid mode, and an IPv6 VIP."""

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.endpoint_readers import BGP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_ARP = "ARP"


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    if endpoint.internal_loadbalancer != KUBE_VIP:
        return
    place = subject.config.place_at("controlPlaneEndpoint", "kubevip", "mode")
    if endpoint.kubevip_mode == BGP:
        yield RULE.finding(
            T("kube-vip in BGP mode announces the VIP only to the other control planes: no router learns of it"),
            T("Use ARP if all control planes are in one subnet. Otherwise use cloud-lb, and let the router balance"),
            at=place,
        )
    elif endpoint.kubevip_mode not in ("", _ARP):
        yield RULE.finding(
            T(
                "unknown kubevip.mode {mode}: kk accepts only ARP and BGP in capitals, and uses ARP",
                mode=endpoint.kubevip_mode,
            ),
            T("Write ARP"),
            at=place,
            severity=Severity.WARNING,
        )
    address = ip_of(endpoint.address)
    if address is not None and address.version == 6:
        yield RULE.finding(
            T(
                "kube-vip cannot hold the IPv6 VIP {vip}: kk sets the prefix /32 and finds NICs only by IPv4",
                vip=endpoint.address,
            ),
            T("Use an IPv4 address, or use internal-haproxy or keepalived"),
            at=endpoint.place_of("address"),
        )


RULE = Rule(
    "KK147",
    Severity.ERROR,
    T("a kube-vip setting that cannot work"),
    check,
    why=T(
        "kk's manifest for kube-vip has constants that no key changes. In BGP mode the peers are the other "
        "control planes, with AS 65000 on both sides. There is no key for a router, so no machine outside "
        "learns of the VIP. The VIP's prefix is always /32, which makes no sense for an IPv6 address. A mode "
        "that is not in capitals is treated as ARP."
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
