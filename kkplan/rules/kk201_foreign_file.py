"""A file in the output folder that kkplan did not write, or that someone has changed since."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find files that would be replaced although they are not kkplan's own."""
    for path in subject.overwritten_files:
        yield RULE.finding(
            T(
                "{path} is there already and is not as kkplan wrote it; it would be replaced and kept as a backup",
                path=path,
            ),
            T("Save what you need of it, or choose another folder with --output-dir"),
        )


RULE = Rule("KK201", Severity.WARNING, T("a file that kkplan did not write would be replaced"), check)
