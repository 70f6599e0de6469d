"""A key that stands twice in one mapping."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.node import name_of
from kkplan.kubekey3.endpoint import endpoint_keys
from kkplan.kubekey3.shape import keys_at
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that stand twice."""
    for key, place in subject.config.duplicate_keys:
        # An unquoted password with a comma makes a key of its second half: name known keys only.
        known = key in (*keys_at("spec"), *endpoint_keys(), *keys_at("spec", "hosts"))
        shown = key if known else "…"
        yield RULE.finding(
            T("the key {key} stands twice in one mapping; kk stops with an error", key=shown),
            T(
                "Delete one. A comma in an unquoted value of a {{…}} mapping makes a second key: put the value in quotes"
            ),
            at=place,
        )
    for last, first in subject.config.spelled_twice:
        yield RULE.finding(
            T("{first} and {last} are the same key to kk: the value of {last} counts", first=name_of(first), last=last),
            T("Delete one"),
            at=subject.config.document.place_of(first.key),
        )


RULE = Rule(
    "KK116",
    Severity.ERROR,
    T("a duplicate key"),
    check,
    why=T(
        "kk reads the file with gopkg.in/yaml.v3 first, which refuses a key that stands twice in one mapping. A comma in an unquoted value of a {{…}} mapping makes such a key of what follows it. Keys match in any case: of port and Port, the last in alphabetical order counts."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load",
    bad="""\
kubernetes:
  version: v1.23.15
  version: v1.26.5
""",
    good="""\
kubernetes:
  version: v1.26.5
""",
)
