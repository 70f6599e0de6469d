"""A value whose type does not match KubeKey's field: most often a quoted port."""

from kkplan.document.scalar import Value
from kkplan.document.setting import Setting
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.typo_hints import meant_value
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    for key, written in subject.endpoint.wrong_types():
        message = T("wrong type of {key}: kk fails to unmarshal it", key=key)
        advice = T("Put strings in quotes; port must be a number")
        if key == "externalDNS":
            advice = T("Write true or false, without quotes")
        elif key == "port" and isinstance(written.value, str) and written.value.isdigit():
            message = T("port is a string (in quotes): kk fails to unmarshal it")
            advice = T("Write the number without quotes")
        elif key == "port" and isinstance(written.value, str):
            message = T("port is not a number: kk fails to unmarshal it")
            advice = T("Write a number from {least} to {most}", least=1, most=65535)
        yield RULE.finding(message, advice, at=written.place, fix=_fix(subject.config, key, written.value))


def _fix(config: Config, key: str, value: Value) -> Fix | None:
    """Remove the quotes of a port or a boolean. Other values need a person to decide."""
    meant = meant_value(key, value) if isinstance(value, str) else None
    return Fix((config.change(Setting(key, meant)),)) if meant is not None else None


RULE = Rule(
    "KK112",
    Severity.ERROR,
    T("a value of the wrong type in controlPlaneEndpoint"),
    check,
    why=T(
        "kk converts the YAML to JSON and reads it into a Go structure. It stops with an error at a value of "
        "another type than the field's. Until KubeKey 1.0 the port was a string, so old files often have it "
        "in quotes."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, ControlPlaneEndpoint; cmd/kk/pkg/common/loader.go, Load",
    bad="""\
controlPlaneEndpoint:
  address: 172.16.0.100
  port: "6443"
""",
    good="""\
controlPlaneEndpoint:
  address: 172.16.0.100
  port: 6443
""",
    fixable=True,
)
