"""Rules as JSON, in English whatever the language; its form is schemas/explanation.schema.json."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan import __version__
from kkplan.plan.rule import Rule
from kkplan.render.explanation import ExplanationFormat
from kkplan.render.format import OutputOptions
from kkplan.visible import json_text

EXPLANATION_VERSION = 1


def pages_json(rules: Sequence[Rule], options: OutputOptions) -> str:
    """The rules with all their facts."""
    data = {
        "version": EXPLANATION_VERSION,
        "kkplan": __version__,
        "rules": [
            {
                "id": rule.id,
                "severity": rule.severity.value,
                "title": rule.title.english,
                "why": rule.why.english,
                "sources": rule.source.split("; "),
                "bad": rule.bad,
                "good": rule.good,
                "fixable": rule.fixable,
            }
            for rule in rules
        ],
    }
    return json_text(data)


FORMAT = ExplanationFormat("json", pages_json, pages_json)
