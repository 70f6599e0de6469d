"""Which rules a check is to use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch

from kkplan.errors import KkplanError
from kkplan.locale import T, named
from kkplan.rules.catalogue import catalogue

# The file cannot be judged at all: nothing may hide that.
UNREADABLE = "KK001"


@dataclass(frozen=True)
class Selection:
    """The wanted rules, each by its id or the beginning of it: `KK3` is all of KK3xx.

    Attributes:
        select: the rules to use; none for all.
        ignore: the rules not to use; wins over select.
        file_ignores: pattern of a file's path, relative to the folder of .kkplan.toml → rules not to use for it.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def takes(self, rule_id: str, path: str = "") -> bool:
        """Whether the rule is to be used for the file at that path."""
        if rule_id == UNREADABLE:
            return True
        ignored = list(self.ignore)
        for pattern, ids in self.file_ignores.items():
            if fnmatch(path, pattern):
                ignored += ids
        return (not self.select or rule_id.startswith(self.select)) and not rule_id.startswith(tuple(ignored))


def rule_ids(texts: Iterable[str]) -> tuple[str, ...]:
    """Ids, or their beginnings, from a person: in any case, several in one text parted by commas.

    Raises:
        KkplanError: no rule's id begins so.
    """
    names = tuple(name.strip().upper() for text in texts for name in text.split(",") if name.strip())
    for name in names:
        if not any(rule.id.startswith(name) for rule in catalogue()):
            raise KkplanError(T("unknown rule {name}. To list all rules, run: kkplan explain", name=named(name)))
    return names
