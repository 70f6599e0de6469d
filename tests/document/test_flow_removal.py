"""Keys taken out of a {…} mapping: what stays is as its author would have written it without them."""

from __future__ import annotations

from itertools import combinations, product
from typing import NamedTuple

import pytest

from kkplan.document.change import Change, change_document
from kkplan.document.node import Mapping
from kkplan.document.parse import parse
from kkplan.document.setting import Setting

ENTRIES = {"a": "a: 1", "b": "b: {x: 1, }", "c": "c: [1,]", "d": '"d": ","'}


class Layout(NamedTuple):
    """How a mapping is written: before its first entry, between two, after the last."""

    start: str
    between: str
    end: str

    def text(self, keys: tuple[str, ...]) -> str:
        return f"top:\n  m: {self.start}{self.between.join(ENTRIES[key] for key in keys)}{self.end}\n  n: 1\n"


LAYOUTS = {
    "one line": Layout("{", ", ", "}"),
    "tight": Layout("{", ",", "}"),
    "with spaces": Layout("{ ", ", ", " }"),
    "comma at the end": Layout("{", ", ", ",}"),
    "comma and space at the end": Layout("{", ", ", ", }"),
    "lines": Layout("{\n    ", ",\n    ", "\n  }"),
    "lines, each with a comma": Layout("{\n    ", ",\n    ", ",\n  }"),
    "commas first": Layout("{ ", "\n    , ", "\n    }"),
    "CRLF": Layout("{\r\n    ", ",\r\n    ", ",\r\n  }"),
}


def without(text: str, keys: tuple[str, ...]) -> str:
    change = Change(0, ("top", "m"), tuple(Setting(key, None, is_any=True) for key in keys), lambda path: tuple("abcd"))
    return change_document(parse(text.encode(), "c.yaml"), (change,)).data.decode()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_any_keys_of_any_layout(layout: Layout) -> None:
    keys = tuple(ENTRIES)
    for count in range(1, len(keys)):
        for gone in combinations(keys, count):
            left = tuple(key for key in keys if key not in gone)
            assert without(layout.text(keys), gone) == layout.text(left), gone


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_all_keys(layout: Layout) -> None:
    """An empty mapping without a comma in it."""
    for keys in (("a",), ("b", "c"), tuple(ENTRIES)):
        changed = without(layout.text(keys), keys)
        assert changed.replace("\r\n", "\n").partition("n: 1")[0].replace(" ", "").replace("\n", "") == "top:m:{}"


@pytest.mark.parametrize(
    ("between", "end"), list(product([", # x\n    ", " # x\n    , "], [" # y\n  }", ", # y\n  }"]))
)
def test_comments_stay(between: str, end: str) -> None:
    layout, keys = Layout("{\n    ", between, end), tuple(ENTRIES)
    for count in range(1, len(keys) + 1):
        for gone in combinations(keys, count):
            changed = without(layout.text(keys), gone)
            assert (changed.count("# x"), changed.count("# y")) == (3, 1), gone
            assert not any(line != line.rstrip() for line in changed.splitlines()), (gone, changed)


@pytest.mark.parametrize(
    "before", ["a: ,", "a:,", "a: ,\n    ", '"a":!!str \n\n  , ', "a: !!null , ", "a: &x , ", "a , "]
)
@pytest.mark.parametrize("end", ["}", " }", "\n  }", ",}", ", }", ",c: 3}", "\n   , c: 3}"])
def test_a_key_before_without_a_value_stays_as_it_is(before: str, end: str) -> None:
    text = f"top:\n  m: {{{before}b: 2{end}\nn: 1\n"
    assert values(without(text, ("b",))) == {key: value for key, value in values(text).items() if key != "b"}


def values(text: str) -> dict[str, str]:
    (root,) = parse(text.encode(), "c.yaml").roots
    assert isinstance(root, Mapping)
    top = root.entries[0].value
    assert isinstance(top, Mapping)
    mapping = top.entries[0].value
    assert isinstance(mapping, Mapping)
    return {str(entry.key.value): str(entry.value.value) for entry in mapping.entries}  # type: ignore[union-attr]
