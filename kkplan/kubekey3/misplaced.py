"""Where a Cluster has its spec, or parts of it, when `spec` is not at the top: most often one level too deep."""

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
    """What to do about it, and at which line; None where nothing looks like a spec."""
    found = list(_entries(root))
    for entry, parent in found:
        if parent and fold(name_of(entry)) == _SPEC and isinstance(resolve_alias(entry.value), Mapping):
            text = T(
                "spec is in {parent}, where kk does not look for it. Move it to the left, beside kind", parent=parent
            )
            return text, document.line_of(entry.start)
    for entry, parent in found:
        if not parent and nearest(name_of(entry), (_SPEC,), CLOSE):
            return T("the Cluster has no spec. Did you mean {guess}?", guess=_SPEC), document.line_of(entry.start)
    for entry, parent in found:
        if fold(name_of(entry)) in _PARTS:
            text = (
                T(
                    "{key} is in {parent}, and the Cluster has no spec. Move it below spec",
                    key=name_of(entry),
                    parent=parent,
                )
                if parent
                else T("{key} is not below spec. Write `spec:` in front of it, and indent it", key=name_of(entry))
            )
            return text, document.line_of(entry.start)
    return None


def _entries(root: Mapping) -> Iterator[tuple[Entry, str]]:
    """The entries of the mapping and of those in it, each with the dotted place of what it is in; the nearest first."""
    waiting: list[tuple[Mapping, str, int]] = [(root, "", 1)]
    for mapping, parent, depth in waiting:
        for entry in mapping.entries:
            yield entry, parent
            below = entry.value
            if isinstance(below, Mapping) and depth < _DEEPEST:
                waiting.append((below, f"{parent}.{name_of(entry)}".lstrip("."), depth + 1))
