"""KubeKey's HAProxy with a port that it does not listen on."""

from kkplan.document.setting import Setting
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import DEFAULT_PORT, HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    if endpoint.internal_loadbalancer == HAPROXY and endpoint.port != DEFAULT_PORT:
        yield RULE.finding(
            T(
                "port is {port}, but KubeKey's HAProxy always listens on 6443: workers would connect to a port where "
                "nothing listens",
                port=endpoint.port,
            ),
            T("Set port to 6443"),
            at=endpoint.place_of("port"),
            fix=_fix(subject.config),
        )


def _fix(config: Config) -> Fix | None:
    """Set 6443, which HAProxy always listens on. KK112 fixes a port in quotes first.

    With an address set, haproxy itself may be the mistake: KK101 reports it, and a person must decide.
    """
    if config.text_at("controlPlaneEndpoint", "port") or config.text_at("controlPlaneEndpoint", "address"):
        return None
    return Fix((config.change(Setting("port", DEFAULT_PORT)),))


RULE = Rule(
    "KK103",
    Severity.ERROR,
    T("internalLoadbalancer: haproxy with a port other than 6443"),
    check,
    why=T(
        "KubeKey's HAProxy on the workers always binds 127.0.0.1:6443, and every API server port 6443. But "
        "kk gives the configured port to kubeadm and, after the nodes have joined, to kubelets and "
        "kube-proxy. Nothing listens there. kubeadm times out at the first control plane or when the next "
        "node joins, and the install fails."
    ),
    source="cmd/kk/pkg/loadbalancer/module.go, HaproxyModule (LoadbalancerApiserverPort); cmd/kk/pkg/loadbalancer/tasks.go, UpdateKubelet; cmd/kk/pkg/kubernetes/tasks.go, GenerateKubeadmConfig (BindPort)",
    bad="""\
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
  port: 8443
""",
    good="""\
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
  port: 6443
""",
    fixable=True,
)
