"""Values of the wrong type anywhere in the Cluster."""

from kkplan.kubekey3.rules.violations import findings
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.violation import Kind


def check(subject: Subject) -> Findings:
    yield from findings(subject.config, RULE, Kind.WRONG_TYPE, Kind.EMPTY_ITEM)


RULE = Rule(
    "KK302",
    Severity.ERROR,
    T("a value of the wrong type"),
    check,
    why=T(
        "kk converts the YAML to JSON and reads it into Go structures. If the type of a value does not match "
        'the field, kk stops with "Failed to unmarshal configuration". Examples: a password of digits '
        "without quotes, or a single name instead of a list."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/*_types.go; cmd/kk/pkg/common/loader.go, Load (json.Unmarshal); docs/cluster-schema.md",
    bad="""\
kubernetes:
  version: v1.26.5
  maxPods: "110"
""",
    good="""\
kubernetes:
  version: v1.26.5
  maxPods: 110
""",
)
