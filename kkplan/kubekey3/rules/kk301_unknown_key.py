"""Unknown keys anywhere in the Cluster."""

from kkplan.kubekey3.rules.violations import findings
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.violation import Kind


def check(subject: Subject) -> Findings:
    yield from findings(subject.config, RULE, Kind.UNKNOWN_KEY, Kind.OUTDATED_KEY)
    later = next(findings(subject.config, RULE, Kind.LATER_KEY), None)
    if later is not None:  # KubeKey 3 still reads them, so report only the first
        yield later._replace(severity=Severity.INFO)


RULE = Rule(
    "KK301",
    Severity.WARNING,
    T("an unknown key"),
    check,
    why=T(
        "kk silently ignores unknown keys. A setting that is misspelled, one level too high, or from another "
        "version of KubeKey has no effect. This goes unnoticed until the cluster misbehaves."
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
