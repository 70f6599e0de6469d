"""A Cluster whose metadata.name makes kk panic."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    stop = subject.config.name_panic
    if stop is not None:
        yield RULE.finding(stop.message, stop.advice, at=stop.place)


RULE = Rule(
    "KK117",
    Severity.ERROR,
    T("metadata.name is missing or not a string"),
    check,
    why=T(
        "kk assumes that metadata.name exists and is a string. If it is missing, or is a number or a date, "
        "kk panics. The keys metadata and name must be lower case. kk accepts an empty string in quotes as a "
        "name."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load (objName)",
    bad="metadata: {}",
    good="""\
metadata:
  name: sample
""",
)
