"""A file that cannot be checked: the finding is made from the read error (use/check_file.py)."""

from kkplan.document.place import Place
from kkplan.errors import KkplanError
from kkplan.locale import T, Text
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def finding_of(error: KkplanError) -> Finding:
    """The error as a finding; its message says what to do as well."""
    place = Place(error.line, 0, 0, error.file) if error.file else None
    return RULE.finding(error.message, Text(""), at=place)


RULE = Rule(
    "KK001",
    Severity.ERROR,
    T("a file that kk cannot read or would misread"),
    lambda subject: (),
    why=T(
        "The file is not YAML, or has no document of kind Cluster or more than one. kk stops at once, or reads one "
        "document over the other. No other rule can check the file until this is fixed."
    ),
    source="cmd/kk/pkg/common/loader.go, Load",
    bad="kind: ConfigMap",
    good="kind: Cluster",
)
