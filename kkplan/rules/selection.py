"""Which rules a check uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from kkplan.errors import KkplanError
from kkplan.locale import T, named
from kkplan.rules.catalogue import catalogue

# The file cannot be checked: nothing may hide this finding.
UNREADABLE = "KK001"


@dataclass(frozen=True)
class Selection:
    """The selected rules, each by its id or a prefix of it: `KK3` selects all of KK3xx.

    Attributes:
        select: rules to use; empty for all.
        ignore: rules not to use; takes precedence over select.
        file_ignores: pattern of a file path, relative to the folder of .kkplan.toml → rules not to use for these files.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def takes(self, rule_id: str, path: str = "") -> bool:
        """Whether to use the rule for the file at this path."""
        if rule_id == UNREADABLE:
            return True
        ignored = list(self.ignore)
        for pattern, ids in self.file_ignores.items():
            if fnmatch(path, pattern):
                ignored += ids
        return (not self.select or rule_id.startswith(self.select)) and not rule_id.startswith(tuple(ignored))


def rule_ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Rule ids or prefixes of ids as typed: in any case; one text may have several, separated by commas.

    Raises:
        KkplanError: no rule id starts with one of them.
    """
    names = tuple(name.strip().upper() for text in texts for name in text.split(",") if name.strip())
    for name in names:
        if not any(rule.id.startswith(name) for rule in catalogue()):
            raise KkplanError(T("unknown rule {name}. To list all rules, run: kkplan explain", name=named(name)))
    return names
