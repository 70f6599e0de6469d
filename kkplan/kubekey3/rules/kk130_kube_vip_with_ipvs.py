"""kube-vip with kube-proxy in ipvs mode, which cleans up addresses that are not its own."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from kkplan.cluster.cluster import is_ip
from kkplan.document.node import Scalar
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_DEFAULT_PROXY_MODE = "ipvs"  # default.go, DefaultProxyMode


def check(subject: Subject) -> Iterator[Finding]:
    """Find a VIP of kube-vip that no excludeCIDRs protects."""
    endpoint, config = subject.endpoint, subject.config
    if endpoint.internal_loadbalancer != KUBE_VIP or not is_ip(endpoint.address):
        return
    if endpoint.address == "127.0.0.1":  # KK104's: there is no VIP
        return
    own = config.text_at("kubernetes", "kubeProxyConfiguration", "mode")  # wins over proxyMode
    mode = own or config.text_at("kubernetes", "proxyMode") or _DEFAULT_PROXY_MODE
    if (
        mode == "ipvs"
        and config.value_at("kubernetes", "disableKubeProxy") is not True
        and not _is_excluded(config, endpoint.address)
    ):
        yield RULE.finding(
            T("kube-proxy in ipvs mode may remove the VIP {vip} of kube-vip", vip=endpoint.address),
            T(
                "Put the VIP's network into kubernetes.kubeProxyConfiguration.ipvs.excludeCIDRs, or set proxyMode: iptables"
            ),
            at=endpoint.place_of("internalLoadbalancer"),
        )


def _is_excluded(config: Config, vip: str) -> bool:
    for item in config.items_at("kubernetes", "kubeProxyConfiguration", "ipvs", "excludeCIDRs"):
        try:
            if isinstance(item, Scalar) and ip_address(vip) in ip_network(item.value, strict=False):
                return True
        except ValueError:
            continue
    return False


RULE = Rule(
    "KK130",
    Severity.WARNING,
    T("kube-vip together with ipvs and no excludeCIDRs"),
    check,
    why=T(
        "kk's default proxyMode is ipvs. kube-proxy then takes addresses on a node that belong to no service for leftovers "
        "of its own and cleans them up, the VIP of kube-vip among them. The endpoint works after the install and is "
        "gone after a restart of kube-proxy."
    ),
    source="KubeKey issue 1702; Kubernetes, kube-proxy configuration, ipvs.excludeCIDRs; cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultProxyMode",
    bad="""\
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
    good="""\
kubernetes:
  kubeProxyConfiguration:
    ipvs:
      excludeCIDRs: [172.16.0.0/24]
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
)
