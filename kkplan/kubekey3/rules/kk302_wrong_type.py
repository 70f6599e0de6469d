"""Values of another type than KubeKey reads, anywhere in the Cluster."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.rules.violations import findings
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.violation import Kind


def check(subject: Subject) -> Iterator[Finding]:
    """Find them by the schema."""
    yield from findings(subject.config, RULE, Kind.WRONG_TYPE, Kind.EMPTY_ITEM)


RULE = Rule(
    "KK302",
    Severity.ERROR,
    T("a value of the wrong type"),
    check,
    why=T(
        'kk reads the YAML as JSON into Go structures. A value of another type than the field is, such as digits without quotes as a password, or one name where a list belongs, ends it with "Failed to unmarshal configuration".'
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
