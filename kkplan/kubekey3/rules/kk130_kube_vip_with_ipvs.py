"""kube-vip with kube-proxy in ipvs mode, whose cleanup removes kube-vip's balancing unless the VIP is excluded."""

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.network import is_in_any, network_of_one
from kkplan.document.node import Scalar
from kkplan.kubekey3.config import K3S, K8E, Config
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_DEFAULT_PROXY_MODE = "ipvs"  # default.go, DefaultProxyMode; k3s/tasks.go, GenerateK3sService


def check(subject: Subject) -> Findings:
    endpoint, config = subject.endpoint, subject.config
    if endpoint.internal_loadbalancer != KUBE_VIP or not is_ip(endpoint.address):
        return
    if endpoint.address == "127.0.0.1":  # KK104 reports it: there is no VIP
        return
    by_flags = config.distribution in (K3S, K8E)
    if _is_cleaned_by_flags(config, endpoint.address) if by_flags else _is_cleaned(config, endpoint.address):
        yield RULE.finding(
            T(
                "kube-proxy in ipvs mode removes kube-vip's IPVS entry for {vip}: the VIP stays, but a single API "
                "server serves all requests",
                vip=endpoint.address,
            ),
            _advice(config, endpoint.address, by_flags=by_flags),
            at=endpoint.place_of("internalLoadbalancer"),
        )


def _advice(config: Config, vip: str, *, by_flags: bool) -> Text:
    network = network_of_one(vip)
    if by_flags:
        return T(
            "Add ipvs-exclude-cidrs={network} to kubernetes.kubeProxyArgs. With {kind}, kk reads neither "
            "proxyMode nor kubeProxyConfiguration",
            kind=config.distribution,
            network=network,
        )
    return T(
        "Add {network} to kubernetes.kubeProxyConfiguration.ipvs.excludeCIDRs, or set proxyMode: iptables",
        network=network,
    )


def _is_cleaned(config: Config, vip: str) -> bool:
    own = config.text_at("kubernetes", "kubeProxyConfiguration", "mode")  # takes precedence over proxyMode
    mode = own or config.text_at("kubernetes", "proxyMode") or _DEFAULT_PROXY_MODE
    excluded = config.items_at("kubernetes", "kubeProxyConfiguration", "ipvs", "excludeCIDRs")
    networks = [item.value for item in excluded if isinstance(item, Scalar)]
    return (
        mode == "ipvs"
        and config.value_at("kubernetes", "disableKubeProxy") is not True
        and not is_in_any(vip, networks)
    )


def _is_cleaned_by_flags(config: Config, vip: str) -> bool:
    """K3s and K8e: kube-proxy gets kk's own flags and kubeProxyArgs, and is always on."""
    flags: dict[str, str] = {}
    for item in config.items_at("kubernetes", "kubeProxyArgs"):
        name, separator, value = item.value.partition("=") if isinstance(item, Scalar) else ("", "", "")
        if separator:
            flags[name.lstrip("-")] = value
    mode = flags.get("proxy-mode", _DEFAULT_PROXY_MODE)
    return mode == "ipvs" and not is_in_any(vip, flags.get("ipvs-exclude-cidrs", "").split(","))


RULE = Rule(
    "KK130",
    Severity.WARNING,
    T("kube-vip with ipvs but without excludeCIDRs"),
    check,
    why=T(
        "kk's default proxyMode is ipvs, and K3s and K8e always use it. kube-proxy then removes IPVS entries "
        "that belong to no service as its own leftovers, including the entry for kube-vip's VIP. The VIP "
        "stays in place and answers; only the balancing is lost. The API server on the machine with the VIP "
        "serves all requests, which goes unnoticed until that machine is busy."
    ),
    source="KubeKey issue 1702; Kubernetes, kube-proxy configuration, ipvs.excludeCIDRs; cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultProxyMode; cmd/kk/pkg/k3s/tasks.go, GenerateK3sService; kube-vip issue 454",
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
