"""A key that a station does not know, in exact case."""

from kkplan.kubekey9 import DIALECT, Subject  # type: ignore[import-untyped] # as in KK901

from kkplan.document.place import Place
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.shape import Schema
from kkplan.schema.walk import schema_violations


def check(subject: Subject) -> Findings:
    document, root = subject.config.document, subject.config.root
    for one in schema_violations(document, root, Schema("station", DIALECT.shape_of(root))):
        place = Place(one.line, one.column, one.column + one.end - one.start, document.name)
        yield RULE.finding(one.message, one.advice, at=place)


RULE = Rule("KK903", Severity.WARNING, T("an unknown key"), check, T("Why."), "nowhere", "a: x\n", "gate: y\n")
