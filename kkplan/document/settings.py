"""Set keys of one mapping in a document: the smallest edits that give the wanted values.

The mapping is a value in another mapping. It may be in block or flow style, null or missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kkplan.document import DocumentError, block_style, flow_style
from kkplan.document.edit import Edit, Piece
from kkplan.document.node import (
    Alias,
    Entry,
    Fold,
    Mapping,
    Node,
    Scalar,
    lookup,
    merged,
    merged_entries,
    name_of,
    resolve_alias,
)
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.odd_space import odd_space, space_in_words
from kkplan.document.parse import Document
from kkplan.document.replace import replace_value
from kkplan.document.scalar import is_null, meaning, written
from kkplan.document.setting import Inserted, KeyOrder, Setting
from kkplan.locale import T

MAX_KEYS = 100


class Block(NamedTuple):
    """The mapping to edit, and its surroundings.

    Attributes:
        path: the keys from the document's top to the mapping.
        parent: the mapping that contains it, with at least one key.
        siblings: keys of the parent in their usual order.
        order: its own keys in their usual order.
        fold: how the file's reader compares keys.
    """

    path: tuple[str, ...]
    parent: Mapping
    siblings: tuple[str, ...]
    order: tuple[str, ...]
    fold: Fold = str

    @property
    def entry(self) -> Entry | None:
        """The mapping's entry in its parent."""
        return self.find_in(self.parent, self.path[-1])

    def find_in(self, mapping: Mapping, key: str) -> Entry | None:
        """The entry of the key in the mapping itself."""
        return mapping.find(key, self.fold)


def plan_edits(document: Document, block: Block, settings: Sequence[Setting]) -> tuple[Edit, ...]:
    """The edits that give the mapping the wanted values; empty if it already has them.

    Raises:
        DocumentError: not a mapping, or an edit would also change other places of the file (anchors).
    """
    mapping = mapping_of(document, block)
    order = KeyOrder(block.order, block.fold)
    pending = sorted(
        (s for s in settings if not s.is_met_in(mapping, block.fold)), key=lambda setting: order.rank(setting.key)
    )
    if not pending:
        return ()
    _refuse_unfit_block(document, block, mapping, pending)
    changes, missing, moved = _sorted_out(document, block, mapping, pending)
    gone = [*(edit.path[-1] for edit in changes if edit.after is None), *moved]
    for inserted in _insert(document, block, mapping, missing, gone) if missing else ():
        setting, removed, before = inserted.setting, tuple[Piece, ...](), None
        if mapping is not None and setting.key in moved:
            before = meaning(_value_of(document, moved[setting.key], setting))
            removed = _remove(document, mapping, moved[setting.key])
        path = (*block.path, setting.key)
        changes.append(Edit(path, inserted.line, before, setting.inserted_value, (*removed, *inserted.pieces)))
    return tuple(sorted(changes, key=lambda edit: order.rank(edit.path[-1])))


def _sorted_out(
    document: Document, block: Block, mapping: Mapping | None, pending: Sequence[Setting]
) -> tuple[list[Edit], list[Setting], dict[str, Entry]]:
    """The edits in place, the settings to insert, and the entries to remove because of inserted ones."""
    changes: list[Edit] = []
    missing: list[Setting] = []
    moved: dict[str, Entry] = {}
    for setting in pending:
        entry = block.find_in(mapping, setting.key) if mapping is not None else None
        if mapping is None or entry is None:
            missing.append(setting)
        elif lookup(mapping, setting.key, block.fold) is not entry:
            # A merge key below it overrides it, so it moves below the merge key.
            moved[setting.key] = entry
            missing.append(setting)
        elif setting.is_item:
            changes.append(_append(document, block, mapping, entry, setting))
        else:
            changes.append(_change(document, block, mapping, entry, setting))
    return changes, missing, moved


def _refuse_unfit_block(document: Document, block: Block, mapping: Mapping | None, pending: Sequence[Setting]) -> None:
    _refuse_merged(document, block)
    _refuse_alias(document, block)
    refuse_duplicates(document, block.parent, block.fold)
    if block.entry is not None:
        _refuse_explicit_key(document, block.entry)
        if isinstance(block.entry.value, Scalar):
            _refuse_shared(document, block.entry.value)
    if mapping is not None:
        refuse_duplicates(document, mapping, block.fold)
        _refuse_shared(document, mapping)
        for setting in pending:
            _refuse_other_spelling(document, block, mapping, setting)
    _refuse_tabs(document, block.parent if block.parent.flow else mapping)


def mapping_of(document: Document, block: Block) -> Mapping | None:
    """The mapping; None if it is missing or null.

    Raises:
        DocumentError: the value is not a mapping.
    """
    entry = lookup(block.parent, block.path[-1], block.fold)
    value = resolve_alias(entry.value) if entry is not None else None
    if entry is None or (isinstance(value, Scalar) and meaning(value) is None):
        return None
    if isinstance(value, Mapping):
        _refuse_many(document, block, value)
        return value
    message = T("{key} is not a mapping. Write keys and values under it, one per line", key=block.path[-1])
    if space := odd_space(document.text[entry.value.start : entry.value.end]):
        message = T(
            "{key} is not a mapping: {what} instead of a plain space. Type the space again",
            key=block.path[-1],
            what=space_in_words(space),
        )
    raise DocumentError(message, file=document.name, line=document.line_of(entry.key.start))


def _refuse_alias(document: Document, block: Block) -> None:
    entry = block.entry
    if entry is not None and isinstance(entry.value, Alias):
        raise DocumentError(
            T(
                "{key} is an alias (*…): an edit would also change other places. Write out its keys here",
                key=block.path[-1],
            ),
            file=document.name,
            line=document.line_of(entry.key.start),
        )


def _refuse_many(document: Document, block: Block, mapping: Mapping) -> None:
    """Refuse too many keys: an edit reads all keys for each key, which is fast only for a few."""
    count = len(mapping.entries) + sum(1 for _ in merged_entries(mapping))
    if count > MAX_KEYS:
        raise DocumentError(
            T(
                "{key} has more than {limit} keys; KubeKey has {known}",
                key=block.path[-1],
                limit=MAX_KEYS,
                known=len(block.order),
            ),
            file=document.name,
            line=document.line_of(mapping.start),
        )


def refuse_duplicates(document: Document, mapping: Mapping, fold: Fold = str) -> None:
    """Make sure that no key is duplicate, because readers differ in which one counts.

    Raises:
        DocumentError: a key is duplicate.
    """
    first: dict[str, int] = {}
    for entry in mapping.entries:
        name = fold(name_of(entry))
        line = document.line_of(entry.key.start)
        if name != "<<" and name in first:
            raise DocumentError(
                T("duplicate key {key}, already on line {line}. Delete one", key=name_of(entry), line=first[name]),
                file=document.name,
                line=line,
            )
        first[name] = line


def _refuse_shared(document: Document, node: Mapping | SequenceNode | Scalar) -> None:
    if node.anchor and node.start in document.aliased:
        raise DocumentError(
            T(
                "the anchor &{anchor} is used elsewhere in the file: an edit would also change that place. Write the "
                "value there instead of the alias",
                anchor=node.anchor,
            ),
            file=document.name,
            line=document.line_of(node.start),
        )


_INDENTED_BY_TAB = re.compile(r"\n[ ]*\t")


def _refuse_tabs(document: Document, mapping: Mapping | None) -> None:
    """Refuse a line of a flow mapping that starts with a tab: kk reads it after a comma, but not after a plain value.

    If the whole document is in flow style, as JSON is, kk accepts tabs anywhere.
    """
    if mapping is None or any(
        isinstance(root, Mapping) and root.flow and root.start <= mapping.start < root.end for root in document.roots
    ):
        return
    found = _INDENTED_BY_TAB.search(document.text, mapping.start, mapping.end) if mapping.flow else None
    if found is not None:
        raise DocumentError(
            T("a line of a {{…}} mapping starts with a tab. Use spaces"),
            file=document.name,
            line=document.line_of(found.end() - 1),
        )


def _refuse_merged(document: Document, block: Block) -> None:
    counting = lookup(block.parent, block.path[-1], block.fold)
    if counting is not None and counting is not block.entry:
        raise DocumentError(
            T(
                "{key} comes from a merge key (<<): an edit would also change other places. Write out its keys here",
                key=block.path[-1],
            ),
            file=document.name,
            line=document.line_of(next(entry for entry in block.parent.entries if name_of(entry) == "<<").key.start),
        )


def _refuse_other_spelling(document: Document, block: Block, mapping: Mapping, setting: Setting) -> None:
    """Refuse a merge key with another spelling of the key, which would override an edited key."""
    brought = merged(mapping, setting.key, block.fold)
    own = block.find_in(mapping, setting.key)
    if brought is not None and name_of(brought) > (name_of(own) if own is not None else setting.key):
        raise DocumentError(
            T(
                "a merge key (<<) adds {spelling}, which overrides {key}. Rename it to {key} there",
                spelling=name_of(brought),
                key=setting.key,
            ),
            file=document.name,
            line=document.line_of(brought.key.start),
        )


_EXPLICIT = re.compile(r"\?[ \t]+\Z")


def _refuse_explicit_key(document: Document, entry: Entry) -> None:
    """Refuse `? key` with its mapping after a separate colon, or without a value: nobody writes that."""
    start = entry.start
    if _EXPLICIT.search(document.text[document.line_start(start) : start]):
        key = name_of(entry)
        raise DocumentError(
            T("kkplan cannot edit a key written as `? {key}`. Write `{key}: …`", key=key),
            file=document.name,
            line=document.line_of(start),
        )


def _change(document: Document, block: Block, mapping: Mapping, entry: Entry, setting: Setting) -> Edit:
    """The edit of a key of the mapping itself."""
    value = _value_of(document, entry, setting)
    _refuse_unfit_entry(document, mapping, entry)
    pieces: tuple[Piece, ...]
    colon = _colon(document, mapping, entry)
    if setting.value is not None:
        pieces = replace_value(document, entry.value, setting.value, colon=colon, quoted=setting.quoted)
    elif not setting.is_met_at(merged(mapping, setting.key, block.fold)):
        # A merge key would restore it.
        pieces = replace_value(document, entry.value, setting.empty, colon=colon, quoted=True)
    else:
        pieces = _remove(document, mapping, entry)
    return Edit(
        (*block.path, setting.key), document.line_of(entry.key.start), meaning(value), setting.value, tuple(pieces)
    )


def _refuse_unfit_entry(document: Document, mapping: Mapping, entry: Entry) -> None:
    if isinstance(entry.value, Scalar):
        _refuse_shared(document, entry.value)
        if entry.value.properties_start == entry.key.end and not mapping.flow:  # there is no colon
            _refuse_explicit_key(document, entry)


def _remove(document: Document, mapping: Mapping, entry: Entry) -> tuple[Piece, ...]:
    """Remove the entry; in block style, comment it out."""
    _refuse_unfit_entry(document, mapping, entry)
    if isinstance(entry.key, Scalar):
        _refuse_shared(document, entry.key)
    return (
        flow_style.remove_entry(document, mapping, entry) if mapping.flow else block_style.comment_out(document, entry)
    )


def _colon(document: Document, mapping: Mapping, entry: Entry) -> str:
    """The text missing before the entry's value: a colon in `{address, port: 6443}`; "" if it has one."""
    value = entry.value
    if not (mapping.flow and isinstance(value, Scalar) and value.is_empty and value.properties_start <= entry.key.end):
        return ""
    return ":"


def _value_of(document: Document, entry: Entry, setting: Setting) -> Scalar:
    value: Node = resolve_alias(entry.value)
    if isinstance(value, Scalar):
        return value
    raise DocumentError(
        T("{key} must be a single value, not a list or a mapping. Write one value", key=setting.key),
        file=document.name,
        line=document.line_of(entry.key.start),
    )


def _append(document: Document, block: Block, mapping: Mapping, entry: Entry, setting: Setting) -> Edit:
    """The edit that adds an item to the key's list; a null becomes a list with this item."""
    node = entry.value
    item = written(setting.inserted_value, '"' if setting.quoted else "")
    if isinstance(node, SequenceNode):
        _refuse_shared(document, node)
        count, piece = len(node.items), _item_piece(document, node, item)
    elif isinstance(node, Scalar) and is_null(node):
        _refuse_shared(document, node)
        colon = _colon(document, mapping, entry)
        space = "" if document.text[node.start - 1 : node.start] in (" ", "\t") else " "
        count, piece = 0, Piece(node.start, node.end, f"{colon}{space}[{item}]")
    else:
        raise DocumentError(
            T("{key} is not written as a list here. Write it as a list", key=setting.key),
            file=document.name,
            line=document.line_of(entry.key.start),
        )
    path = (*block.path, f"{setting.key}[{count}]")
    return Edit(path, document.line_of(piece.start), None, setting.inserted_value, (piece,))


def _item_piece(document: Document, node: SequenceNode, item: str) -> Piece:
    if node.flow and not node.items:
        return Piece(node.start + 1, node.start + 1, item)
    last = node.items[-1]
    if node.flow:
        return Piece(last.end, last.end, f", {item}")
    return block_style.new_line(
        document, document.line_end(last.end - 1), f"{' ' * document.column_of(node.start)}- {item}"
    )


def _insert(
    document: Document, block: Block, mapping: Mapping | None, settings: list[Setting], gone: list[str]
) -> list[Inserted]:
    """Write the settings as new keys, in order and in the style of the file."""
    order, key = KeyOrder(block.order, block.fold), block.path[-1]
    siblings = KeyOrder(block.siblings, block.fold)
    entry = block.entry
    if mapping is not None and mapping.flow:
        leaving = [entry for name in gone if (entry := block.find_in(mapping, name)) is not None]
        return flow_style.insert_keys(document, order, mapping, settings, leaving)
    if block.parent.flow:
        return _insert_flow_mapping(document, block, siblings, settings)
    if entry is None:
        return block_style.insert_block(document, siblings, block.parent, key, settings)
    column = (
        document.column_of(mapping.start)
        if mapping is not None and mapping.entries
        else document.column_of(entry.start) + block_style.indentation_step(document, block.parent)
    )
    inserted = block_style.insert_keys(block_style.BlockPlace(document, entry, mapping, column), order, settings)
    if isinstance(entry.value, Scalar) and (entry.value.tag or not entry.value.is_empty):
        # The keys below replace a written null (`~`, `null`, `!!null`).
        colon = document.text.index(":", entry.key.end) + 1
        first = inserted[0]
        inserted[0] = first._replace(pieces=(Piece(colon, entry.value.end, ""), *first.pieces))
    return inserted


def _insert_flow_mapping(
    document: Document, block: Block, siblings: KeyOrder, settings: list[Setting]
) -> list[Inserted]:
    """Write a whole missing or null mapping into its flow-style parent."""
    like_json = flow_style.quotes_keys(block.parent)
    whole = flow_style.flow_text(settings, like_json=like_json)
    key = block.path[-1]
    if block.entry is not None and isinstance(block.entry.value, Scalar):
        value = block.entry.value
        colon = _colon(document, block.parent, block.entry)
        start = value.properties_start if value.tag else value.start
        piece = Piece(start, value.end, f"{colon} {whole}" if start == value.end else whole)
    else:
        name = f'"{key}"' if like_json else key
        piece = flow_style.insert_text(
            document.text, siblings, block.parent, block.parent.entries, key, f"{name}: {whole}"
        )
    line = document.line_of(piece.start)
    return [Inserted(setting, line, (piece,) if number == 0 else ()) for number, setting in enumerate(settings)]
