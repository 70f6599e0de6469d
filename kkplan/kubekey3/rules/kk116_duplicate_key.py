"""A key that occurs twice in one mapping."""

from kkplan.document.node import name_of
from kkplan.kubekey3.endpoint import endpoint_keys
from kkplan.kubekey3.shape import keys_at
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.shown import HIDDEN


def check(subject: Subject) -> Findings:
    for key, place in subject.config.duplicate_keys:
        # The rest of an unquoted password after a comma becomes a key: show only known keys.
        known = key in (*keys_at("spec"), *endpoint_keys(), *keys_at("spec", "hosts"))
        shown = key if known else HIDDEN
        yield RULE.finding(
            T("duplicate key {key} in one mapping: kk stops with an error", key=shown),
            T("Delete one. If a comma in an unquoted value of a {{…}} mapping makes the second key, quote the value"),
            at=place,
        )
    for last, first in subject.config.spelled_twice:
        yield RULE.finding(
            T(
                "{first} and {last} are the same key to kk, which uses the value of {last}",
                first=name_of(first),
                last=last,
            ),
            T("Delete one"),
            at=subject.config.document.place_of(first.key),
        )


RULE = Rule(
    "KK116",
    Severity.ERROR,
    T("a duplicate key"),
    check,
    why=T(
        "kk first reads the file with gopkg.in/yaml.v3, which rejects a key that appears twice in one "
        "mapping. In a {{…}} mapping, a comma in an unquoted value turns the rest of the value into a second "
        "key. Key names are not case-sensitive: of port and Port, the last one in alphabetical order counts."
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
