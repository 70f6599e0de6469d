"""Set keys of one mapping in a document: the smallest edits that give the wanted values.

The mapping may be block or flow style, or null. Mappings that are missing in it are written as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kkplan.document import DocumentError, block_style, flow_style
from kkplan.document.block import Block
from kkplan.document.edit import Edit, Piece
from kkplan.document.node import Entry, Mapping, Scalar, lookup, merged, resolve_alias
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document
from kkplan.document.refusals import refuse_shared, refuse_unfit_block, refuse_unfit_entry
from kkplan.document.replace import replace_value
from kkplan.document.scalar import Value, is_null, meaning
from kkplan.document.setting import Branch, Inserted, Items, New, Setting, flow_text, item_step
from kkplan.locale import T


def plan_edits(document: Document, block: Block, parts: Sequence[New]) -> tuple[Edit, ...]:
    """The edits that give the mapping the wanted values; empty where it has them already.

    Args:
        parts: what its keys are to be; a `Branch` for each mapping that is missing in it.

    Raises:
        DocumentError: an edit would change other places of the file too (anchors), or there is no value to change.
    """
    mapping, order = block.mapping, block.order
    pending = sorted(_unmet(block, parts), key=lambda part: order.rank(part.key))
    if not pending:
        return ()
    refuse_unfit_block(document, block, pending)
    leaving = _leaving(block, pending)
    changes, missing, moved = _sorted_out(document, block, pending, leaving)
    edits = [(order.rank(edit.path[len(block.path)].partition("[")[0]), edit) for edit in changes]
    for inserted in _insert(document, block, _in_order(block, missing), leaving) if missing else ():
        pieces = inserted.pieces
        gone = moved.get(inserted.part.key)
        if mapping is not None and gone is not None:
            pieces = (*_remove(document, mapping, gone, leaving), *pieces)
        for path, setting in inserted.part.leaves():
            before = _value_of(document, gone, setting) if gone is not None else None
            edit = Edit((*block.path, *path), inserted.line, before, setting.inserted_value, pieces)
            edits.append((order.rank(inserted.part.key), edit))
            pieces = ()
    return tuple(edit for _, edit in sorted(edits, key=lambda ranked: ranked[0]))


def _unmet(block: Block, parts: Iterable[New]) -> Iterator[New]:
    """The parts without what is as wanted already."""
    for part in parts:
        if isinstance(part, Setting):
            if not part.is_met_in(block.mapping, block.fold):
                yield part
        elif isinstance(part, Branch):
            missing = tuple(_unmet(block._replace(mapping=None), part.parts))
            if missing:
                yield Branch(part.key, missing)


def _in_order(block: Block, parts: Iterable[New], path: tuple[str, ...] = ()) -> tuple[New, ...]:
    """What is to be inserted in its customary order, the items of one list together."""
    order = block._replace(path=(*block.path, *path)).order
    found: list[New] = []
    items: dict[str, list[Setting]] = {}
    for part in parts:
        if isinstance(part, Branch):
            found.append(Branch(part.key, _in_order(block, part.parts, (*path, part.key))))
        elif isinstance(part, Setting) and part.is_item:
            items.setdefault(part.key, []).append(part)
        else:
            found.append(part)
    found += [Items(tuple(settings)) for settings in items.values()]
    return tuple(sorted(found, key=lambda part: order.rank(part.key)))


def _leaving(block: Block, pending: Sequence[New]) -> list[Entry]:
    """The entries that are taken out, to be gone or to be written elsewhere."""
    leaving = []
    for part in pending:
        entry = block.find_in(block.mapping, part.key) if block.mapping is not None else None
        if block.mapping is None or entry is None or not isinstance(part, Setting):
            continue
        is_removed = part.value is None and part.is_met_at(merged(block.mapping, part.key, block.fold))
        if is_removed or lookup(block.mapping, part.key, block.fold) is not entry:
            leaving.append(entry)
    return leaving


def _sorted_out(
    document: Document, block: Block, pending: Sequence[New], leaving: Sequence[Entry]
) -> tuple[list[Edit], list[New], dict[str, Entry]]:
    """The edits of keys in their place, what is to be inserted, and the entries that give way to inserted ones."""
    mapping = block.mapping
    changes: list[Edit] = []
    missing: list[New] = []
    moved: dict[str, Entry] = {}
    appended: dict[str, list[Setting]] = {}
    for part in pending:
        entry = block.find_in(mapping, part.key) if mapping is not None else None
        if mapping is None or entry is None or not isinstance(part, Setting):
            missing.append(part)
        elif lookup(mapping, part.key, block.fold) is not entry:
            # A merge key below it overrides it: it moves below the merge key.
            moved[part.key] = entry
            missing.append(part)
        elif part.is_item:
            appended.setdefault(part.key, []).append(part)
        else:
            changes.append(_change(document, block, mapping, entry, part, leaving))
    for key, settings in appended.items():
        entry = block.find_in(mapping, key) if mapping is not None else None
        if mapping is not None and entry is not None:
            changes += _append(document, block, mapping, entry, settings)
    return changes, missing, moved


def _change(
    document: Document, block: Block, mapping: Mapping, entry: Entry, setting: Setting, leaving: Sequence[Entry]
) -> Edit:
    """The edit of a key that the mapping itself has."""
    before = _value_of(document, entry, setting)
    refuse_unfit_entry(document, mapping, entry)
    pieces: tuple[Piece, ...]
    colon = _colon(mapping, entry)
    if setting.value is not None:
        pieces = replace_value(document, entry.value, setting.value, colon=colon, quoted=setting.quoted)
    elif not setting.is_met_at(merged(mapping, setting.key, block.fold)):
        # A merge key would restore it.
        pieces = replace_value(document, entry.value, setting.empty, colon=colon, quoted=True)
    else:
        pieces = _remove(document, mapping, entry, leaving)
    return Edit((*block.path, setting.key), document.line_of(entry.key.start), before, setting.value, tuple(pieces))


def _remove(document: Document, mapping: Mapping, entry: Entry, leaving: Sequence[Entry]) -> tuple[Piece, ...]:
    """Take the entry out; in block style it becomes a comment."""
    refuse_unfit_entry(document, mapping, entry)
    refuse_shared(document, entry.key)
    if mapping.flow:
        return flow_style.remove_entry(document, mapping, entry, leaving)
    return block_style.comment_out(document, entry)


def _colon(mapping: Mapping, entry: Entry) -> str:
    """What is missing before a value of the entry: a colon, as in `{address, port: 6443}`; "" where it has one."""
    value = entry.value
    if not (mapping.flow and isinstance(value, Scalar) and value.is_empty and value.properties_start <= entry.key.end):
        return ""
    return ":"


def _value_of(document: Document, entry: Entry, setting: Setting) -> Value:
    """The value as the file has it; None for a list or a mapping that is to be gone."""
    value = resolve_alias(entry.value)
    if isinstance(value, Scalar):
        return meaning(value)
    if setting.is_any:
        return None
    raise DocumentError(
        T("{key} must be a single value, not a list or a mapping. Write one value", key=setting.key),
        file=document.name,
        line=document.line_of(entry.key.start),
    )


def _append(
    document: Document, block: Block, mapping: Mapping, entry: Entry, settings: Sequence[Setting]
) -> Iterator[Edit]:
    """The edits that add items to the key's list; a null becomes a list of them."""
    node, key = entry.value, settings[0].key
    items = [setting.written() for setting in settings]
    if isinstance(node, SequenceNode):
        refuse_shared(document, node)
        count, piece = len(node.items), _items_piece(document, node, items)
    elif isinstance(node, Scalar) and is_null(node):
        refuse_shared(document, node)
        space = "" if document.text[node.start - 1 : node.start] in (" ", "\t") else " "
        count, piece = 0, Piece(node.start, node.end, f"{_colon(mapping, entry)}{space}[{', '.join(items)}]")
    else:
        raise DocumentError(
            T("{key} is no list of its own. Write it as a list", key=key),
            file=document.name,
            line=document.line_of(entry.key.start),
        )
    line = document.line_of(piece.start)
    for number, setting in enumerate(settings):
        path = (*block.path, item_step(key, count + number))
        yield Edit(path, line, None, setting.inserted_value, () if number else (piece,))


def _items_piece(document: Document, node: SequenceNode, items: Sequence[str]) -> Piece:
    if node.flow and not node.items:
        return Piece(node.start + 1, node.start + 1, ", ".join(items))
    last = node.items[-1]
    if node.flow:
        return Piece(last.end, last.end, "".join(f", {item}" for item in items))
    indent = " " * document.column_of(node.start)
    return block_style.new_lines(document, document.line_end(last.end - 1), [f"{indent}- {item}" for item in items])


def _insert(document: Document, block: Block, parts: Sequence[New], leaving: Sequence[Entry]) -> list[Inserted]:
    """Write the parts, sorted by the order, as new keys in the way the file is written."""
    mapping, entry = block.mapping, block.entry
    if mapping is not None and mapping.flow:
        return flow_style.insert_keys(document, block.order, mapping, parts, leaving)
    if block.above and block.above[-1].flow:
        return _fill_null(document, block.above[-1], entry, parts)
    known = block.above if mapping is None else (*block.above, mapping)
    step = block_style.indentation_step(document, known)
    if mapping is not None and mapping.entries:
        column = document.column_of(mapping.start)
    else:
        column = step + (document.column_of(entry.start) if entry is not None else 0)
    inserted = block_style.insert_keys(
        block_style.BlockPlace(document, entry, mapping, column, step), block.order, parts
    )
    value = entry.value if entry is not None else None
    if entry is not None and isinstance(value, Scalar) and (value.tag or not value.is_empty):
        # A written null (`~`, `null`, `!!null`) gives way to the keys below it.
        colon = document.text.index(":", entry.key.end) + 1
        first = inserted[0]
        inserted[0] = first._replace(pieces=(Piece(colon, value.end, ""), *first.pieces))
    return inserted


def _fill_null(document: Document, parent: Mapping, entry: Entry | None, parts: Sequence[New]) -> list[Inserted]:
    """Write the whole mapping in place of a null in a flow-style parent."""
    assert entry is not None and isinstance(entry.value, Scalar)  # noqa: S101, PT018 - a null is a scalar
    value = entry.value
    whole = flow_text(parts, like_json=flow_style.quotes_keys(parent))
    start = value.properties_start if value.tag else value.start
    piece = Piece(start, value.end, f"{_colon(parent, entry)} {whole}" if start == value.end else whole)
    line = document.line_of(piece.start)
    return [Inserted(part, line, () if number else (piece,)) for number, part in enumerate(parts)]
