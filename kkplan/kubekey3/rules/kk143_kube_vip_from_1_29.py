"""kube-vip with a Kubernetes whose admin.conf has no rights when kube-vip needs them."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.endpoint_readers import kube_vip_never_starts
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find kube-vip with Kubernetes 1.29 or later; K3s and K8e run it with an account of its own."""
    if kube_vip_never_starts(subject):
        yield RULE.finding(
            T(
                "KubeKey 3's kube-vip does not start with Kubernetes {version}: the VIP never comes up and kubeadm init fails",
                version=subject.config.kubernetes_version,
            ),
            T("Use internal-haproxy, cloud-lb or keepalived, or a Kubernetes before 1.29"),
            at=subject.endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule(
    "KK143",
    Severity.ERROR,
    T("kube-vip with Kubernetes 1.29 or later"),
    check,
    why=T(
        "kk starts kube-vip before `kubeadm init`, with the rights of admin.conf. From Kubernetes 1.29 on kubeadm gives that file its rights only late in init. So kube-vip cannot take its lease and sets up no VIP; init waits for the endpoint behind the VIP until its time is over. A new try does not help: kk resets the machine first, and kube-vip's manifest is then gone. Fixed in KubeKey 4."
    ),
    source="KubeKey issues 2375 and 2473; kube-vip issue 684; cmd/kk/pkg/loadbalancer/templates/kubevipManifest.go (admin.conf)",
    bad="""\
kubernetes:
  version: v1.30.6
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
    good="""\
kubernetes:
  version: v1.28.15
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
)
