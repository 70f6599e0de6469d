"""A Cluster without metadata.name."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.keys import find
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a Cluster without a name."""
    if not subject.cluster.name:
        metadata = find(subject.config.root, "metadata")
        yield RULE.finding(
            T("metadata.name is missing or no text: kk panics"),
            T("Add `metadata: {{name: sample}}`, with a name of your own")
            if metadata is None
            else T("Write `name: sample` below metadata, indented, with a name of your own"),
            at=subject.cluster.place if metadata is None else subject.config.document.place_of(metadata),
        )


RULE = Rule(
    "KK117",
    Severity.ERROR,
    T("metadata.name is missing"),
    check,
    why=T(
        "kk takes metadata.name for a text without looking whether it is there: without it, or with a number, it panics."
    ),
    source="cmd/kk/pkg/common/loader.go, Load (objName)",
    bad="metadata: {}",
    good="""\
metadata:
  name: sample
""",
)
