"""Change keys of mappings and other pieces of a file, and prove the result by parsing it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kkplan.document import DocumentError
from kkplan.document.edit import Edit, Piece, pieces_of, splice
from kkplan.document.node import Mapping, lookup, resolve_alias
from kkplan.document.parse import Document, parse
from kkplan.document.setting import Setting
from kkplan.document.settings import Block, plan_edits
from kkplan.document.verify import ONE_MORE_ITEM, WHOLE, Edited, edit_went_wrong, edited_below, verify_unchanged
from kkplan.locale import T


class Change(NamedTuple):
    """The wanted content of a mapping.

    Attributes:
        root: index of its YAML document in the file, from 0.
    """

    root: int
    block: Block
    settings: tuple[Setting, ...]


class Changed(NamedTuple):
    """A changed file.

    Attributes:
        edits: the edits, in the order of the changes.
        data: the new bytes; the old ones if there are no edits.
    """

    edits: tuple[Edit, ...]
    data: bytes


def change_document(before: Document, changes: Sequence[Change], pieces: Sequence[Piece] = ()) -> Changed:
    """Make the changes.

    Args:
        pieces: replacements for keys or values elsewhere, which may change their meaning.

    Raises:
        DocumentError: a node is not a mapping, an edit would change other places too, or differs from the plan.
    """
    edits = tuple(edit for change in changes for edit in plan_edits(before, change.block, change.settings))
    if not edits and not pieces:
        return Changed((), before.data)
    whole = sorted((*pieces_of(edits), *pieces), key=lambda piece: piece[:2])
    data = before.bom + splice(before.text, whole).encode()
    try:
        after = parse(data, before.name)
    except DocumentError as error:
        raise edit_went_wrong(before.name, error.message) from None
    fold = changes[0].block.fold if changes else str
    verify_unchanged(before, after, _edited(changes), fold, {piece.start for piece in pieces})
    for change in changes:
        _refuse_unmet(after, change)
    return Changed(edits, data)


def _edited(changes: Sequence[Change]) -> dict[int, Edited]:
    leaves: dict[int, list[tuple[tuple[str, ...], Edited]]] = {}
    for change in changes:
        for setting in change.settings:
            leaf = ONE_MORE_ITEM if setting.is_item else WHOLE
            leaves.setdefault(change.root, []).append(((*change.block.path, setting.key), leaf))
    return {root: edited_below(own) for root, own in leaves.items()}


def _refuse_unmet(after: Document, change: Change) -> None:
    node = after.roots[change.root]
    for key in change.block.path:
        entry = lookup(node, key, change.block.fold) if isinstance(node, Mapping) else None
        node = resolve_alias(entry.value) if entry is not None else None
    mapping = node if isinstance(node, Mapping) else None
    unmet = [setting.key for setting in change.settings if not setting.is_met_in(mapping, change.block.fold)]
    if unmet:
        raise edit_went_wrong(after.name, T("{keys} would not get the planned value", keys=", ".join(unmet)))
