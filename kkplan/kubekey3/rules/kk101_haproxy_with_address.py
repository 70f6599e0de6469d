"""KubeKey's HAProxy with a non-empty address: kk installs nothing."""

from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    if endpoint.internal_loadbalancer == HAPROXY and endpoint.address:
        yield RULE.finding(
            T(
                "internalLoadbalancer is haproxy and address is {address}: kk exits with status 0 and installs nothing",
                address=endpoint.address,
            ),
            T('Set address to "", or remove internalLoadbalancer'),
            at=endpoint.place_of("address"),
        )


RULE = Rule(
    "KK101",
    Severity.ERROR,
    T("internalLoadbalancer: haproxy with an address"),
    check,
    why=T(
        "kk sees a contradiction. It prints one line, exits with status 0 and installs nothing. A script or "
        "a pipeline continues as if there were a cluster."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultLBCfg",
    bad="""\
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
  address: ""
""",
)
