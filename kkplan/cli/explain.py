"""`kkplan explain`: explain rules."""

from __future__ import annotations

from difflib import get_close_matches

from kkplan.cli.console import emit, terminal_options
from kkplan.errors import UsageError
from kkplan.locale import T, listed, named
from kkplan.plan.rule import Rule
from kkplan.render.explanation import ExplanationFormat
from kkplan.render.format import format_named
from kkplan.rules.catalogue import catalogue

_CLOSE = 0.75  # of difflib's ratio: one character of an id is wrong, and it exists with another


def explain(rules: list[str] | None = None, explain_form: str = "text") -> None:
    """The pages of these rules, or a table of all of them."""
    formatter = format_named(ExplanationFormat, explain_form)
    options = terminal_options()
    if rules:
        emit(formatter.pages([_rule(name) for name in rules], options))
    else:
        emit(formatter.table(catalogue(), options))


def _rule(name: str) -> Rule:
    known = {rule.id: rule for rule in catalogue()}
    rule = known.get(name.strip().upper())
    if rule is None:
        near = get_close_matches(name.strip().upper().replace("O", "0"), known, 3, _CLOSE)
        raise UsageError(
            T("unknown rule {name}. Did you mean {guess}?", name=named(name), guess=listed(near))
            if near
            else T("unknown rule {name}. To list all rules, run: kkplan explain", name=named(name))
        )
    return rule
