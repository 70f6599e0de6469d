"""Prove an edit: parse the spliced text and compare its tree with the original's, node by node."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kkplan.document import DocumentError
from kkplan.document.node import Fold
from kkplan.document.parse import Document
from kkplan.document.scalar import NULLS
from kkplan.document.tree import MAPPINGS, SCALARS, SEQUENCES, Tree
from kkplan.locale import T


class Edited(NamedTuple):
    """What an edit may change below a node.

    Attributes:
        keys: of a mapping the keys that may change, each with what may change below it.
        items: of a list how many items may come after its own.
        whole: all of it may be another.
        fold: what the file's reader takes for the same key as this one.
    """

    keys: Mapping[str, Edited] = {}
    items: int = 0
    whole: bool = False
    fold: Fold = str


class Leaf(NamedTuple):
    """A key that is edited.

    Attributes:
        path: the keys from the document's top to it.
        items: how many items its list gets; 0 where the value may be another.
    """

    path: tuple[str, ...]
    fold: Fold
    items: int = 0


def edited_below(leaves: Sequence[Leaf]) -> Edited:
    """What changes in a mapping where these keys of it, or keys below them, do."""
    below: dict[str, list[Leaf]] = {}
    own = [leaf for leaf in leaves if not leaf.path]
    if own:
        items = sum(leaf.items for leaf in own)
        return Edited(items=items, whole=not all(leaf.items for leaf in own))
    for leaf in leaves:
        below.setdefault(leaf.path[0], []).append(leaf)
    return Edited(
        {
            key: edited_below([leaf._replace(path=leaf.path[1:]) for leaf in inner])._replace(fold=inner[0].fold)
            for key, inner in below.items()
        }
    )


def verify_unchanged(
    before: Document, after: Document, edited: Mapping[int, Edited], rewritten: Collection[int] = ()
) -> None:
    """Make sure that nothing but the edited values means anything else.

    Args:
        edited: number of a YAML document in the file → what may change in it.
        rewritten: the starts of keys and values, as the file was, that were written anew and may mean something else.

    Raises:
        DocumentError: something does; a bug of kkplan that must stop the write.
    """
    comparison = _Comparison(before.tree, after.tree, rewritten)
    roots = list(zip(before.tree.roots, after.tree.roots, strict=False))
    is_same = len(before.tree.roots) == len(after.tree.roots) and all(
        comparison.same(old, new, edited.get(number, Edited())) for number, (old, new) in enumerate(roots)
    )
    if not is_same:
        raise edit_went_wrong(after.name, T("something outside the wanted keys would have changed"))


def edit_went_wrong(name: str, detail: object) -> DocumentError:
    """The error for an edited file of that name which is not what was planned."""
    return DocumentError(
        T("the edit did not come out as planned, so nothing was written: {detail}. Please report this", detail=detail),
        file=name,
    )


class _Comparison:
    def __init__(self, before: Tree, after: Tree, rewritten: Collection[int]) -> None:
        self.before = before
        self.after = after
        # A mapping starts where its first key does.
        rows = enumerate(before.starts) if rewritten else ()
        self.rewritten = [row for row, start in rows if start in rewritten and before.kind_of(row)[0] in SCALARS]

    def same(self, old: int | None, new: int | None, edited: Edited) -> bool:
        """Whether both nodes mean the same, but for what was edited. Depth is bounded by the parser."""
        if edited.whole:
            return True
        if edited.items:
            return self._same_list(old, new, edited.items)
        if edited.keys:
            return self._same_mapping(old, new, edited.keys)
        if old is None or new is None:
            return old is new
        return self._same_rows(old, self.before.after(old), new, self.after.after(new))

    def _same_rows(self, old: int, old_end: int, new: int, new_end: int) -> bool:
        """Whether the rows are alike, but for those that were rewritten."""
        if old_end - old != new_end - new:
            return False
        shift = new - old
        first = bisect_left(self.rewritten, old)
        skipped = [index for index in self.rewritten[first:] if index < old_end]
        for start, end in zip([old, *(index + 1 for index in skipped)], [*skipped, old_end], strict=True):
            mine, other = slice(start, end), slice(start + shift, end + shift)
            if self.before.kinds[mine] != self.after.kinds[other] or self.before.texts[mine] != self.after.texts[other]:
                return False
        return all(self.after.kind_of(index + shift)[0] in SCALARS for index in skipped)

    def _same_mapping(self, old: int | None, new: int | None, edited: Mapping[str, Edited]) -> bool:
        """Whether both have the same entries but for the edited ones; the mapping may be missing or null in one."""
        if not self._is(old, self.before, MAPPINGS) or not self._is(new, self.after, MAPPINGS):
            return False
        kept, still = _entries(self.before, old), _entries(self.after, new)
        for key, inner in edited.items():
            mine, other = _taken(self.before, kept, key, inner.fold), _taken(self.after, still, key, inner.fold)
            if not self.same(mine, other, inner):
                return False
        return len(kept) == len(still) and all(
            self.same(key, new_key, Edited()) and self.same(value, new_value, Edited())
            for (key, value), (new_key, new_value) in zip(kept, still, strict=True)
        )

    def _same_list(self, old: int | None, new: int | None, added: int) -> bool:
        if not self._is(old, self.before, SEQUENCES) or not self._is(new, self.after, SEQUENCES):
            return False
        mine, other = _children(self.before, old), _children(self.after, new)
        return (
            len(other) <= len(mine) + added
            and all(self.same(item, new_item, Edited()) for item, new_item in zip(mine, other, strict=False))
            and len(mine) <= len(other)
        )

    def _is(self, index: int | None, tree: Tree, kinds: Collection[str]) -> bool:
        """Whether the node is of one of these kinds, or there is nothing yet: missing, or null."""
        if index is None or tree.kind_of(index)[0] in kinds:
            return True
        kind, tag, _ = tree.kind_of(index)
        return kind == "" and tree.texts[index] in NULLS and not tag.endswith("str")


def _taken(tree: Tree, entries: list[tuple[int, int]], key: str, fold: Fold) -> int | None:
    """Take the one entry of the key out, spelled exactly so or else as the fold has it; its value, None without any."""
    texts = [tree.text_of(name) for name, _ in entries]
    folded = fold(key)
    number = texts.index(key) if key in texts else next((n for n, text in enumerate(texts) if fold(text) == folded), -1)
    return entries.pop(number)[1] if number >= 0 else None


def _children(tree: Tree, index: int | None) -> list[int]:
    return tree.children.get(index, []) if index is not None else []


def _entries(tree: Tree, index: int | None) -> list[tuple[int, int]]:
    children = _children(tree, index)
    return list(zip(children[::2], children[1::2], strict=True))
