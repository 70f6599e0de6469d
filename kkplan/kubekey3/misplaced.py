"""A misplaced spec: `spec`, or parts of it, not at the top of the Cluster but most often one level too deep."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.node import Entry, Mapping, name_of, resolve_alias
from kkplan.document.parse import Document
from kkplan.kubekey3.keys import fold
from kkplan.locale import T, Text
from kkplan.nearest import CLOSE, nearest

_SPEC = "spec"
_PARTS = ("hosts", "rolegroups")  # casefolded
_DEEPEST = 3


def misplaced_spec(document: Document, root: Mapping) -> tuple[Text, int] | None:
    """What to do, and on which line; None if nothing looks like a spec."""
    found = list(_entries(root))
    for entry, parent in found:
        if parent and fold(name_of(entry)) == _SPEC and isinstance(resolve_alias(entry.value), Mapping):
            text = T(
                "spec is under {parent}, where kk does not look for it. Move it to the left, to the level of kind",
                parent=parent,
            )
            return text, document.line_of(entry.start)
    for entry, parent in found:
        if not parent and nearest(name_of(entry), (_SPEC,), CLOSE):
            return T("the Cluster has no spec. Did you mean {guess}?", guess=_SPEC), document.line_of(entry.start)
    for entry, parent in found:
        if fold(name_of(entry)) in _PARTS:
            text = (
                T(
                    "{key} is under {parent}, and the Cluster has no spec. Move it under spec",
                    key=name_of(entry),
                    parent=parent,
                )
                if parent
                else T("{key} is not under spec. Add `spec:` before it and indent it", key=name_of(entry))
            )
            return text, document.line_of(entry.start)
    return None


def _entries(root: Mapping) -> Iterator[tuple[Entry, str]]:
    """Entries of the mapping and of nested mappings, each with the dotted path of its parent; nearest first."""
    waiting: list[tuple[Mapping, str, int]] = [(root, "", 1)]
    for mapping, parent, depth in waiting:
        for entry in mapping.entries:
            yield entry, parent
            below = entry.value
            if isinstance(below, Mapping) and depth < _DEEPEST:
                waiting.append((below, f"{parent}.{name_of(entry)}".lstrip("."), depth + 1))
