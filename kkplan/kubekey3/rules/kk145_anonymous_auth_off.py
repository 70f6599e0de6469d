"""KubeKey's HAProxy, which checks API servers without credentials, with anonymous-auth off."""

from kkplan.kubekey3.endpoint_readers import haproxy_is_refused
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if haproxy_is_refused(subject):
        yield RULE.finding(
            T(
                "anonymous-auth is off: KubeKey's HAProxy marks every API server as DOWN, and workers reach none of them"
            ),
            T("Remove anonymous-auth=false, or use cloud-lb or keepalived"),
            at=subject.config.place_at("kubernetes", "apiserverArgs"),
        )


RULE = Rule(
    "KK145",
    Severity.ERROR,
    T("internal HAProxy with anonymous-auth off"),
    check,
    why=T(
        "KubeKey's HAProxy requests /healthz from each API server without credentials and expects status "
        "200. With anonymous-auth=false the answer is 401. HAProxy marks all backends as DOWN, and the "
        "kubelet and kube-proxy of a worker reach no API server, although all of them are running."
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
