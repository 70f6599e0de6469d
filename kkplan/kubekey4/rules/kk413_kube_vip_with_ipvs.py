"""kube-vip with kube-proxy in ipvs mode, whose cleanup removes kube-vip's balancing unless the VIP is excluded."""

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.network import is_in_any, network_of_one
from kkplan.kubekey4.defaults import KUBE_VIP
from kkplan.kubekey4.go_data import rendered, value_at
from kkplan.kubekey4.installation import goes_through, init_candidates
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files, endpoint = subject.config, subject.endpoint
    if not goes_through(files) or endpoint.type != KUBE_VIP or not is_ip(endpoint.vip):
        return
    candidates = init_candidates(files)
    proxy = value_at(files.variables(candidates[0] if candidates else ""), "kubernetes", "kube_proxy")
    written = value_at(proxy, "config", "ipvs", "excludeCIDRs")
    networks = map(rendered, written if isinstance(written, list) else ())
    if value_at(proxy, "mode") == "ipvs" and not is_in_any(endpoint.vip, networks):
        yield RULE.finding(
            T(
                "kube-proxy in ipvs mode removes kube-vip's IPVS entry for {vip}: the VIP stays, but a single API "
                "server serves all requests",
                vip=endpoint.vip,
            ),
            T(
                "Add {network} to kubernetes.kube_proxy.config.ipvs.excludeCIDRs, or set kube_proxy.mode: iptables",
                network=network_of_one(endpoint.vip),
            ),
            at=endpoint.place_of("address"),
        )


RULE = Rule(
    "KK413",
    Severity.WARNING,
    T("KubeKey 4's kube-vip with ipvs but without excludeCIDRs"),
    check,
    why=T(
        "kk's default mode of kube-proxy is ipvs. kube-proxy then removes IPVS entries that belong to no service as its own leftovers, and with them the entry that kube-vip makes for the VIP. The VIP stays in place and answers; only the balancing is lost. The API server on the machine with the VIP serves all requests, which goes unnoticed until that machine is busy."
    ),
    source="KubeKey issue 1702; KubeKey v4.0.6, builtin/core/roles/defaults/defaults/main/03-kubernetes.yaml; Kubernetes, kube-proxy configuration, ipvs.excludeCIDRs; kube-vip issue 454",
    bad="# config.yaml\nkubernetes:\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n",
    good="# config.yaml\nkubernetes:\n  kube_proxy:\n    config:\n      ipvs:\n        excludeCIDRs: [10.0.0.100/32]\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n",
)
