"""A Cluster without metadata.name."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a Cluster whose name kk panics at."""
    stop = subject.config.name_panic
    if stop is not None:
        yield RULE.finding(stop.message, stop.advice, at=stop.place)


RULE = Rule(
    "KK117",
    Severity.ERROR,
    T("metadata.name is missing or no text"),
    check,
    why=T(
        "kk takes metadata.name for a text without looking whether it is there: without it, or with a number or a date, it panics. Both keys must be spelled in lower case. An empty text in quotes is a name to kk."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load (objName)",
    bad="metadata: {}",
    good="""\
metadata:
  name: sample
""",
)
