"""Every rule: those for any KubeKey, and those of each dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import kkplan
from kkplan.document.place import Place
from kkplan.parts import part_names
from kkplan.plan.dialect import dialect_packages
from kkplan.plan.finding import Finding
from kkplan.plan.rule import Rule, Subject


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, ordered by id."""
    return tuple(rule_named(rule_id) for rule_id in rule_modules())


@cache
def rule_modules() -> Mapping[str, str]:
    """Rule id → module, ordered by id: the module `kk101_…` has KK101 as its RULE."""
    found = {}
    for package in (__package__, *(f"{package}.rules" for package in dialect_packages())):
        for name in part_names(import_module(package)):
            if name.startswith("kk"):
                found[name.partition("_")[0].upper()] = f"{package}.{name}"
    return dict(sorted(found.items()))


def rule_named(rule_id: str) -> Rule:
    """The rule with this id.

    Raises:
        KeyError: no rule has this id.
    """
    rule: Rule = import_module(rule_modules()[rule_id]).RULE
    return rule


def judge(subject: Subject[Any, Any], dialect: str, ids: Iterable[str] | None = None) -> Iterator[Finding]:
    """Findings of all rules, or of the rules with these ids, in the order of the rules.

    Args:
        dialect: name of the dialect that read the subject; rules of other dialects are skipped.
    """
    wanted = None if ids is None else frozenset(ids)
    packages = (f"{__package__}.", f"{kkplan.__name__}.{dialect}.")
    found: list[Finding] = []
    replaced: set[tuple[str, Place | None]] = set()
    for rule_id, module in rule_modules().items():
        if (wanted is None or rule_id in wanted) and module.startswith(packages):
            rule = rule_named(rule_id)
            own = list(rule.check(subject)) if subject.whole_file or rule.for_plans else []
            found += own
            replaced |= {(other, finding.place) for finding in own for other in rule.instead_of}
    return (finding for finding in found if (finding.id, finding.place) not in replaced)
