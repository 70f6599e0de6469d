"""Settings of kube-proxy that kk does not pass to K3s and K8e. proxyMode: ipvs is fine: they always get it."""

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_IGNORED = ("proxyMode", "kubeProxyConfiguration", "disableKubeProxy", "masqueradeAll")
_MODE_OF_KK = "ipvs"  # k3s/tasks.go, GenerateK3sService


def check(subject: Subject) -> Findings:
    config = subject.config
    if config.distribution not in (K3S, K8E):
        return
    for key in _IGNORED:
        value = config.value_at("kubernetes", key)
        is_set = config.node_at("kubernetes", key) is not None and value not in (_MODE_OF_KK, "", False)
        if is_set:
            yield RULE.finding(
                T(
                    "with {kind}, kk ignores kubernetes.{key}: kube-proxy runs in ipvs mode",
                    kind=config.distribution,
                    key=key,
                ),
                T("Use kubernetes.kubeProxyArgs, e.g. proxy-mode=iptables"),
                at=config.place_at("kubernetes", key),
            )


RULE = Rule(
    "KK308",
    Severity.WARNING,
    T("a kube-proxy setting that does not apply to K3s and K8e"),
    check,
    why=T(
        "K3s and K8e have their own kube-proxy. kk starts it with proxy-mode=ipvs and the flags in "
        "kubernetes.kubeProxyArgs. proxyMode, kubeProxyConfiguration and disableKubeProxy apply only to "
        "kubeadm, and kk silently ignores them."
    ),
    source="cmd/kk/pkg/k3s/tasks.go, GenerateK3sService; cmd/kk/pkg/k8e/tasks.go, GenerateK8eService",
    bad="""\
kubernetes:
  version: v1.24.7
  type: k3s
  proxyMode: iptables
""",
    good="""\
kubernetes:
  version: v1.24.7
  type: k3s
  kubeProxyArgs: [proxy-mode=iptables]
""",
    for_plans=False,
)
