"""Keys that KubeKey does not know, anywhere in the Cluster."""

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
    yield from findings(subject.config, RULE, Kind.UNKNOWN_KEY, Kind.OUTDATED_KEY)
    later = next(findings(subject.config, RULE, Kind.LATER_KEY), None)
    if later is not None:  # KubeKey 3 reads them all the same, so once is enough
        yield later._replace(severity=Severity.INFO)


RULE = Rule(
    "KK301",
    Severity.WARNING,
    T("a key that KubeKey does not know"),
    check,
    why=T(
        "kk drops keys that it does not know without a word, so a setting that was misspelled, put one level too high, or is of another version of KubeKey is as if it were not there. It is noticed when the cluster does not behave."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/*_types.go; cmd/kk/pkg/common/loader.go, Load (json.Unmarshal); docs/cluster-schema.md",
    bad="""\
kubernetes:
  version: v1.26.5
  containerManger: containerd
""",
    good="""\
kubernetes:
  version: v1.26.5
  containerManager: containerd
""",
    for_plans=False,
)
