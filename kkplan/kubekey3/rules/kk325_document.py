"""Documents, merge keys and values that kk cannot load, and documents that it silently does not read."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    for stop in config.stops:
        yield RULE.finding(stop.message, stop.advice, at=stop.place)
    if config.loaded.cut is not None:
        yield RULE.finding(
            T("text after --- on a line: kk silently stops reading there"),
            T("Move the text after the dashes to a line of its own"),
            at=config.loaded.cut,
            severity=Severity.WARNING,
        )


RULE = Rule(
    "KK325",
    Severity.ERROR,
    T("a document that kk cannot load"),
    check,
    why=T(
        "kk reads every document in the file, not only the Cluster. Each must be a mapping, and the value of "
        "a merge key must be a mapping or a list of mappings. A directive such as %YAML is an error. kk "
        "splits the file at lines that start with ---. Text after the dashes silently ends the reading: kk "
        "reads neither the document above that line nor anything below it."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load; k8s.io/apimachinery v0.25.4, pkg/util/yaml/decoder.go",
    bad="""\
---
- a list
""",
    good="""\
---
key: value
""",
)
