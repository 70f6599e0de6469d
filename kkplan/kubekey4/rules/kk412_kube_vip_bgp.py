"""kube-vip in BGP mode, with peers that no router is among."""

from kkplan.kubekey4.defaults import KUBE_VIP
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files, endpoint = subject.config, subject.endpoint
    kube_vip = endpoint.block.get("kube_vip")
    if (
        goes_through(files)
        and endpoint.type == KUBE_VIP
        and isinstance(kube_vip, dict)
        and kube_vip.get("mode") == "BGP"
    ):
        yield RULE.finding(
            T("kube_vip.mode BGP: kk makes the control planes each other's peers, and no router learns the VIP"),
            T("Use mode ARP, or edit /etc/kubernetes/manifests/kube-vip.yaml on each control plane"),
            at=files.place_at(*BLOCK_PATH, "kube_vip", "mode"),
        )


RULE = Rule(
    "KK412",
    Severity.WARNING,
    T("kube-vip in BGP mode"),
    check,
    why=T(
        "For BGP, kube-vip needs a router ID of its own on each node, and routers as peers. kk's template writes a list of all control planes as the router ID, the control planes themselves as the peers, and the same AS number, 65000, for all. No key of the config changes that, so no router ever learns where the VIP is."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/templates/kubevip/kubevip.BGP; kube-vip, BGP configuration",
    bad="# config.yaml\nkubernetes:\n  kube_proxy:\n    mode: iptables\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n      mode: BGP\n",
    good="# config.yaml\nkubernetes:\n  kube_proxy:\n    mode: iptables\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n      mode: ARP\n",
)
