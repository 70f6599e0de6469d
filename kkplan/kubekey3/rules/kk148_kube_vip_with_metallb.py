"""kube-vip with an add-on named after another program that serves Services of type LoadBalancer."""

from kkplan.document.node import Scalar
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.keys import child
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_OTHERS = ("metallb", "openelb", "porter")  # porter: OpenELB's name until 0.4


def check(subject: Subject) -> Findings:
    if subject.endpoint.internal_loadbalancer != KUBE_VIP:
        return
    for item in subject.config.items_at("addons"):
        name = child(item, "name")
        if isinstance(name, Scalar) and name.value.casefold().startswith(_OTHERS):
            yield RULE.finding(
                T("kube-vip and the add-on {name} both answer for Services of type LoadBalancer", name=name.value),
                T(
                    "Set svc_enable to false in /etc/kubernetes/manifests/kube-vip.yaml on each control plane after the install"
                ),
                at=subject.config.document.place_of(name),
            )


RULE = Rule(
    "KK148",
    Severity.WARNING,
    T("kube-vip with MetalLB or OpenELB"),
    check,
    why=T(
        "kk always starts kube-vip with svc_enable: true. kube-vip then also takes the addresses of Services "
        "of type LoadBalancer, as MetalLB and OpenELB do. Both answer for the same address, and clients "
        "reach either one."
    ),
    source="KubeKey issue 3170; cmd/kk/pkg/loadbalancer/templates/kubevipManifest.go (svc_enable)",
    bad="""\
kubernetes:
  version: v1.26.5
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
addons:
- name: metallb
  namespace: metallb-system
  sources:
    chart: {name: metallb, repo: https://metallb.github.io/metallb}
""",
    good="""\
kubernetes:
  version: v1.26.5
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
addons:
- name: metallb
  namespace: metallb-system
  sources:
    chart: {name: metallb, repo: https://metallb.github.io/metallb}
""",
    for_plans=False,
)
