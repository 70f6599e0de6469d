"""What a rule is, and what it looks at."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.document.place import Place
from kkplan.locale import Text
from kkplan.plan.finding import Finding, Severity


@dataclass(frozen=True)
class Subject:
    """What the rules look at.

    Attributes:
        cluster: the config as it is, or as it will be.
        mode: the name of the mode that is planned; "" where a file alone is judged.
        vip: the floating address; None where none is planned.
        lb_hosts: the servers that hold it in turn; None where they are not known.
        overwritten_files: files in the output folder that kkplan did not write, or that were changed since, and that
            the plan replaces.
    """

    cluster: Cluster
    mode: str = ""
    vip: Vip | None = None
    lb_hosts: tuple[LbHost, ...] | None = None
    overwritten_files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        id: `KK` and three digits, never used again for another rule.
        severity: what its findings are, unless the rule says otherwise of one.
        title: what it finds, in a line.
        check: yields a finding for each place where the subject breaks the rule.
    """

    id: str
    severity: Severity
    title: Text
    check: Callable[[Subject], Iterable[Finding]]

    def finding(
        self, message: Text, advice: Text, *, at: Place | None = None, severity: Severity | None = None
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.id, severity or self.severity, message, advice, at)


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in the order of the ids: each module of this package that is named `kk…` has one as RULE."""
    package = import_module(__package__)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name.startswith("kk"))
    return tuple(import_module(f"{__package__}.{name}").RULE for name in names)


def judge(subject: Subject, ids: Iterable[str] | None = None) -> Iterator[Finding]:
    """The findings of all rules, or of those with these ids, in the order of the rules."""
    wanted = None if ids is None else frozenset(ids)
    for rule in catalogue():
        if wanted is None or rule.id in wanted:
            yield from rule.check(subject)
