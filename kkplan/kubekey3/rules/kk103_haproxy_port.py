"""KubeKey's HAProxy with a port that it does not listen on."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.setting import Setting
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import DEFAULT_PORT, HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find haproxy with another port."""
    endpoint = subject.endpoint
    if endpoint.internal_loadbalancer == HAPROXY and endpoint.port != DEFAULT_PORT:
        yield RULE.finding(
            T(
                "port is {port}, but KubeKey's HAProxy listens on 6443 whatever it says: workers would talk to a port that nobody serves",
                port=endpoint.port,
            ),
            T("Set port to 6443"),
            at=endpoint.place_of("port"),
            fix=_fix(subject.config),
        )


def _fix(config: Config) -> Fix | None:
    """6443, which is what HAProxy listens on in any case; a port in quotes is KK112's first.

    With an address, haproxy itself may be what was not meant: KK101's, and a person's to decide.
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
        "KubeKey's HAProxy on the workers binds 127.0.0.1:6443, a constant, and every API server 6443. kubeadm and, once the nodes have joined, kubelets and kube-proxy are told this port all the same, and nobody listens there. The install ends with a timeout of kubeadm, at the first control plane or at the node that joins next."
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
