"""Values that KubeKey accepts but treats as another value or as empty."""

from kkplan.document.place import Place
from kkplan.kubekey3.keys import find
from kkplan.kubekey3.rules.violations import findings
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.violation import Kind


def check(subject: Subject) -> Findings:
    for finding in findings(subject.config, RULE, Kind.UNKNOWN_VALUE, Kind.OUT_OF_RANGE, Kind.WRONG_FORM):
        # kk 3 ignores apiVersion; other programs read it.
        yield finding._replace(severity=Severity.WARNING) if finding.place == _api_version(subject) else finding


def _api_version(subject: Subject) -> Place | None:
    entry = find(subject.config.root, "apiVersion")
    return subject.config.document.place_of(entry.value) if entry is not None else None


RULE = Rule(
    "KK305",
    Severity.ERROR,
    T("an unknown value"),
    check,
    why=T(
        "kk compares some values exactly with the few that it supports. It accepts any other value silently "
        "and then treats it as the default or as empty, or the install fails midway. The same holds for a "
        "number that is out of range."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/*_types.go; cmd/kk/pkg/common/loader.go, Load (json.Unmarshal); docs/cluster-schema.md",
    bad="""\
kubernetes:
  version: v1.26.5
  proxyMode: IPVS
""",
    good="""\
kubernetes:
  version: v1.26.5
  proxyMode: ipvs
""",
    for_plans=False,
)
