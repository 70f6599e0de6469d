"""KubeKey's HAProxy asks the API servers without credentials."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.endpoint_readers import haproxy_is_refused
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find anonymous-auth=false together with internal HAProxy."""
    if haproxy_is_refused(subject):
        yield RULE.finding(
            T("anonymous-auth is off, so KubeKey's HAProxy marks every API server as down: workers reach none"),
            T("Remove anonymous-auth=false, or use cloud-lb or keepalived"),
            at=subject.config.place_at("kubernetes", "apiserverArgs"),
        )


RULE = Rule(
    "KK145",
    Severity.ERROR,
    T("internal HAProxy with anonymous-auth off"),
    check,
    why=T(
        "KubeKey's HAProxy asks each API server for /healthz without credentials and wants status 200. With anonymous-auth=false the answer is 401, all backends are DOWN, and a worker's kubelet and kube-proxy reach no API server although all of them run."
    ),
    source="cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go (option httpchk, http-check expect status 200), run with HAProxy; kube-apiserver(8), --anonymous-auth",
    bad="""\
kubernetes:
  version: v1.26.5
  apiserverArgs: [anonymous-auth=false]
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good="""\
kubernetes:
  version: v1.26.5
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
)
