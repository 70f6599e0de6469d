"""kube-vip with Kubernetes 1.29 or later, whose admin.conf has no permissions yet. K3s and K8e are fine."""

from kkplan.kubekey3.endpoint_readers import kube_vip_never_starts
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if kube_vip_never_starts(subject):
        yield RULE.finding(
            T(
                "KubeKey 3's kube-vip does not start with Kubernetes {version}: the VIP never comes up and kubeadm init fails",
                version=subject.config.kubernetes_version,
            ),
            T("Use internal-haproxy, cloud-lb or keepalived, or a Kubernetes version before 1.29"),
            at=subject.endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule(
    "KK143",
    Severity.ERROR,
    T("kube-vip with Kubernetes 1.29 or later"),
    check,
    why=T(
        "kk starts kube-vip before `kubeadm init`, with the permissions of admin.conf. Since Kubernetes 1.29 "
        "kubeadm grants these permissions only late in init. kube-vip cannot get its lease and sets up no "
        "VIP, and init waits for the endpoint at the VIP until it times out. A retry does not help: kk "
        "resets the machine first, which deletes kube-vip's manifest. KubeKey 4 fixes this."
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
