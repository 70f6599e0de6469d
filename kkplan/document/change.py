"""Change a file: keys of mappings and pieces elsewhere, proven by reading the result again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kkplan.document import DocumentError
from kkplan.document.block import Block, block_at
from kkplan.document.edit import Edit, Piece, in_order, pieces_of, splice
from kkplan.document.node import Fold, Mapping, lookup, resolve_alias
from kkplan.document.parse import Document, parse
from kkplan.document.setting import Branch, KeysAt, New, Setting
from kkplan.document.settings import plan_edits
from kkplan.document.verify import Edited, Leaf, edit_went_wrong, edited_below, verify_unchanged
from kkplan.locale import T


class Change(NamedTuple):
    """What a mapping is to have; where it is missing, it is written with all that is missing above it.

    Attributes:
        root: the number of its YAML document in the file, from 0.
        path: the keys from the document's top to it.
        keys: the keys of each mapping in their customary order: a new key goes below the nearest one before it.
        fold: what the file's reader takes for the same key.
    """

    root: int
    path: tuple[str, ...]
    settings: tuple[Setting, ...]
    keys: KeysAt
    fold: Fold = str


class Changed(NamedTuple):
    """A file with changes made.

    Attributes:
        edits: what they are, in the order of the changes.
        data: the bytes; those of before where there are none.
    """

    edits: tuple[Edit, ...]
    data: bytes


def edits_of(document: Document, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """The edits that make the changes; none for what is as wanted already.

    Raises:
        DocumentError: a mapping is none, or an edit would change other places too.
    """
    wanted: dict[tuple[int, tuple[str, ...], Fold], tuple[Block, tuple[New, ...]]] = {}
    for change in changes:
        block = block_at(document, change.root, change.path, change.keys, change.fold)
        missing = change.path[len(block.path) :]
        parts: tuple[New, ...] = change.settings
        for key in reversed(missing):
            parts = (Branch(key, parts),)
        place = (change.root, block.path, change.fold)
        known = wanted[place][1] if place in wanted else ()
        wanted[place] = block, _joined((*known, *parts))
    return tuple(edit for block, parts in wanted.values() for edit in plan_edits(document, block, parts))


def _joined(parts: Iterable[New]) -> tuple[New, ...]:
    """The parts, those of one missing mapping together."""
    branches: dict[str, tuple[New, ...]] = {}
    others = []
    for part in parts:
        if isinstance(part, Branch):
            branches[part.key] = (*branches.get(part.key, ()), *part.parts)
        else:
            others.append(part)
    return (*others, *(Branch(key, _joined(inner)) for key, inner in branches.items()))


def change_document(before: Document, changes: Sequence[Change], pieces: Sequence[Piece] = ()) -> Changed:
    """Make the changes.

    Args:
        pieces: keys or values elsewhere, each written anew in its place; it may mean something else afterwards.

    Raises:
        DocumentError: a mapping is none, an edit would change other places too, or did not come out as planned.
    """
    edits = edits_of(before, changes)
    if not edits and not pieces:
        return Changed((), before.data)
    try:
        data = before.bom + splice(before.text, in_order((*pieces_of(edits), *pieces))).encode()
        after = parse(data, before.name)
    except DocumentError as error:
        raise edit_went_wrong(before.name, error.message) from None
    verify_unchanged(before, after, _edited(changes), {piece.start for piece in pieces})
    for change in changes:
        _refuse_unmet(after, change)
    return Changed(edits, data)


def _edited(changes: Sequence[Change]) -> dict[int, Edited]:
    leaves: dict[int, list[Leaf]] = {}
    for change in changes:
        for setting in change.settings:
            leaf = Leaf((*change.path, setting.key), change.fold, items=int(setting.is_item))
            leaves.setdefault(change.root, []).append(leaf)
    return {root: edited_below(own) for root, own in leaves.items()}


def _refuse_unmet(after: Document, change: Change) -> None:
    node = after.roots[change.root]
    for key in change.path:
        entry = lookup(node, key, change.fold) if isinstance(node, Mapping) else None
        node = resolve_alias(entry.value) if entry is not None else None
    mapping = node if isinstance(node, Mapping) else None
    unmet = [setting.key for setting in change.settings if not setting.is_met_in(mapping, change.fold)]
    if unmet:
        raise edit_went_wrong(after.name, T("{keys} would not have the wanted value", keys=", ".join(unmet)))
