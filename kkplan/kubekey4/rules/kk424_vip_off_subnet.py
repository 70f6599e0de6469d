"""kube-vip's VIP that is probably in no network of the control planes."""

from kkplan.cluster.cluster import ip_of
from kkplan.cluster.network import nodes_network
from kkplan.kubekey4.defaults import KUBE_VIP
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint, nodes = subject.endpoint, nodes_network(subject.cluster)
    if nodes is None or endpoint.type != KUBE_VIP or not goes_through(subject.config):
        return
    vip = ip_of(endpoint.vip)
    if vip is not None and vip not in nodes.network:
        yield RULE.finding(
            T(
                "{vip} is not in the nodes' probable subnet {network}; every control plane needs a NIC in the VIP's subnet",
                vip=vip,
                network=nodes.network,
            ),
            T(
                "Check the control planes' NICs: ip addr. Otherwise use a free address in {network}",
                network=nodes.network,
            ),
            at=endpoint.place_of("address"),
        )


RULE = Rule(
    "KK424",
    Severity.WARNING,
    T("kube-vip's VIP outside the nodes' probable subnet"),
    check,
    why=T(
        "kk looks for a NIC whose network has the VIP on each control plane, when etcd is installed already. If one has none, kk stops and leaves the machines half done. The files do not say how large the subnet is: kkplan assumes the smallest usual one that has all nodes, /24 or larger. In a larger subnet the VIP is right."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/tasks/high-availability/kube_vip.yaml",
    bad="# config.yaml\nkubernetes:\n  kube_proxy:\n    mode: iptables\n  apiserver:\n    certSANs: [10.0.9.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.9.100\n",
    good="# config.yaml\nkubernetes:\n  kube_proxy:\n    mode: iptables\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n",
)
