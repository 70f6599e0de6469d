"""Rows read without the parser are the very nodes that the parser makes of the whole text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kkplan.document import DocumentError
from kkplan.document.node import Mapping, Node, Sequence
from kkplan.document.parse import parse, read_by_rows, read_whole
from kkplan.document.rows import FEWEST, Columns, Row, find_series
from kkplan.document.verify import verify_edit
from tests.conftest import PATTERNS, SAMPLES

FILES = sorted([*PATTERNS.rglob("*.yaml"), *SAMPLES.rglob("*.yaml")])

# Values and lines that a row may hold, and many that look like it.
VALUES = [
    "node1",
    "172.16.0.2",
    '"a b, {c}: #d"',
    "'x \"y\": z'",
    "z'",
    "fe80::1",
    "a:b",
    "a:",
    "http://h/p?q",
    "~",
    "~/.ssh/id",
    ".",
    "..",
    "---",
    "-",
    "-a",
    '""',
    "''",
    "'it''s'",
    '"a\\"b"',
    "#c",
    "x#y",
    "&a",
    "*a",
    "!!str",
    "6443",
    "0x1F",
    "yes",
    "null",
    "<<:",
    "[a]",
    "{}",
    "{a:",
    "b}",
    "a,b",
    "@a",
    "%a",
    "`a`",
    "|-",
    ">",
    "?",
    "中文",
    "'中文'",
    "a:",
    "b:",
    '"tab\t"',
    '"a\xa0b"',
    "1:2",
    "a::b",
    "a:::",
    ":a",
    "a/",
    "a%",
    "=a",
    '"\x7f"',
    "'a",
]
ENDS = [
    "",
    " ",
    "   # 注释: x",
    " #",
    " # a: b",
    "#no comment",
    "\t",
    "\t# tab",
    " # \u2028",
    " # \x85",
    " # \ufeff",
    "\r",
]
KEYS = ["name", "address", "Name", "internal-address", "a_b", "y", '"q"', "<<", "名"]
RARELY = st.integers(0, 30).map(lambda number: number == 0)


@st.composite
def rows(draw: st.DrawFn, step: str, plainly: bool) -> str:
    """One row, or something that looks like one."""
    value = st.sampled_from(VALUES[:6] if plainly else VALUES)
    keys = draw(st.lists(st.sampled_from(KEYS[:3] if plainly else KEYS), min_size=1, max_size=4))
    end = draw(st.sampled_from(ENDS[:5] if plainly else ENDS))
    shape = draw(st.integers(0, 2))
    if shape == 0:
        pairs = ", ".join(f"{key}: {draw(value)}" for key in keys)
        return f"{step}- {{{pairs}}}{end}\n"
    if shape == 1:
        deeper = step + "  " + ("" if plainly or not draw(RARELY) else " ")
        return f"{step}- " + deeper.join(f"{key}: {draw(value)}{end}\n" for key in keys)
    return f"{step}- {draw(value)}{end}\n"


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Lists of rows in several surroundings, some of which are no lists at all."""
    parts = []
    for number in range(draw(st.integers(1, 3))):
        step = draw(st.sampled_from(["", "  ", "    "]))
        series = [draw(rows(step, plainly=True)) for _ in range(draw(st.integers(FEWEST, FEWEST + 3)))]
        if draw(st.booleans()):
            series.insert(draw(st.integers(0, len(series))), draw(rows(step, plainly=False)))
        opening = draw(
            st.sampled_from(
                ["", "", "", " |", " >-", " &a", " !!seq", " # x", ' "', " '", " [", " x", "\n  b:", "\n# c", "\n  - z"]
            )
        )
        behind = draw(
            st.sampled_from(["", "", "   more\n", "  x: 1\n", '"\n', "]\n", "\n\n", "---\n", "- 1\n", "# c\n"])
        )
        parts.append(f"k{number}:{opening}\n" + "".join(series) + behind)
    text = "".join(parts)
    if draw(RARELY):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def as_data(node: Node | None) -> Any:
    """The node with everything in it, so that a row and a mapping can be compared."""
    if isinstance(node, Mapping):
        entries = [(as_data(entry.key), as_data(entry.value)) for entry in node.entries]
        return ("mapping", node.start, node.end, node.flow, node.anchor, entries)
    if isinstance(node, Sequence):
        return ("list", node.start, node.end, node.flow, node.anchor, [as_data(item) for item in node.items])
    return node


def same_both_ways(text: str) -> bool:
    """Compare, and tell whether rows were read without the parser."""
    try:
        whole = read_whole("c.yaml", text)
    except DocumentError:
        whole = None
    by_rows = read_by_rows("c.yaml", text)
    if by_rows is None:
        return False
    assert whole is not None, "the parser refuses it"
    assert [as_data(root) for root in by_rows.roots] == [as_data(root) for root in whole.roots]
    assert by_rows.aliased == whole.aliased
    repeated = [
        *by_rows.crowded,
        *(row for one in by_rows.series for row in one.nodes if isinstance(row, Row) and row.repeats),
    ]
    assert sorted(node.start for node in repeated) == sorted(node.start for node in whole.crowded)
    return True


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(texts())
def test_rows_are_what_the_parser_makes_of_them(text: str) -> None:
    same_both_ways(text)


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(file.parents[2])) for file in FILES])
def test_the_fixtures_are_the_same_both_ways(file: Path) -> None:
    text = file.read_bytes().decode("utf-8-sig", "replace")
    same_both_ways(text)


HOSTS = {
    "flow": '  - {{name: node{0}, address: 10.0.0.{0}, user: ubuntu, password: "Qcloud@123"}}  # {0}\n',
    "block": "  - name: node{0}\n    address: fd00::{0}\n    user: ubuntu # x: y\n    password: 'a, b'\n",
    "text": "  - node{0}\n",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("style", HOSTS)
def test_long_lists_are_read_as_rows(style: str, newline: str) -> None:
    text = "hosts:\n" + "".join(HOSTS[style].format(number) for number in range(1, 41)) + "after: 1\n"
    text = text.replace("\n", newline)
    assert [len(series.nodes) for series in find_series(text)] == [38]
    assert same_both_ways(text)


@pytest.mark.parametrize(
    "around",
    [
        "a: |\n{rows}",
        'a: "\n{rows}  "\n',
        "a: 'x\n{rows}'\n",
        "a: x\n{rows}",  # one plain text of many lines
        "a: [\n{rows}  ]\n",
        "# a:\n  b: |\n{rows}",
    ],
)
def test_what_only_looks_like_rows_is_left_to_the_parser(around: str) -> None:
    text = around.replace("{rows}", "".join(HOSTS["flow"].format(number) for number in range(1, 41)))
    assert find_series(text)
    assert not same_both_ways(text)


def test_an_error_behind_the_rows_names_its_line() -> None:
    text = "hosts:\n" + "".join(HOSTS["flow"].format(number) for number in range(1, 41)) + "a: [\n"
    with pytest.raises(DocumentError) as by_rows:
        parse(text.encode(), "c.yaml")
    with pytest.raises(DocumentError) as whole:
        read_whole("c.yaml", text)
    assert (str(by_rows.value), by_rows.value.line) == (str(whole.value), whole.value.line)


@pytest.mark.parametrize("key", ["name", "NAME", "address", "absent"])
def test_a_row_finds_keys_as_a_mapping_does(key: str) -> None:
    row = Row.of(7, "{Name: a, address: b, name: c, Address: d}", True)
    mapping = Mapping(row.start, row.end, row.entries, flow=True)
    assert row.find(key) == mapping.find(key)


def test_an_edit_elsewhere_leaves_the_rows_as_they_are() -> None:
    text = "a: 1\nhosts:\n" + "".join(HOSTS["flow"].format(number) for number in range(1, 41)) + "b: 2\n"
    before = parse(text.encode(), "c.yaml")
    after = parse(("c: 3\n" + text.replace("a: 1", "a: 10")).encode(), "c.yaml", before)
    whole = parse(("c: 3\n" + text.replace("a: 1", "a: 10")).encode(), "c.yaml")
    verify_edit(after, whole, 0, ("spec",), ())
    assert after.series[0].nodes is before.series[0].nodes


@pytest.mark.parametrize("changed", ["10.0.0.1,", "10.0.0.20,", "10.0.0.40,"])
def test_an_edit_of_the_rows_is_read_again(changed: str) -> None:
    text = "hosts:\n" + "".join(HOSTS["flow"].format(number) for number in range(1, 41))
    before = parse(text.encode(), "c.yaml")
    after = parse(text.replace(changed, "10.9.9.9,").encode(), "c.yaml", before)
    with pytest.raises(DocumentError, match="outside"):
        verify_edit(before, after, 0, ("spec",), ())


@pytest.mark.parametrize("flow", [True, False])
def test_columns_read_rows_as_their_entries_do(flow: bool) -> None:
    pairs = [
        {"name": "a", "address": "1.1.1.1", "password": '"x, address: y"'},
        {"name": '"x, address: y"'},
        {"name": "'a'", "address": "fd00::1", "password": "'}'"},
        {"address": "b", "name": "c"},
    ]
    columns = Columns("name", "address")
    for written in pairs:
        texts = [f"{key}: {value}" for key, value in written.items()]
        row = Row.of(0, "{" + ", ".join(texts) + "}" if flow else "\n    ".join(texts) + " # c: d\n", flow)
        expected = (written["name"], written["address"]) if "address" in written else None
        assert columns.of(row) == expected


def test_a_change_within_the_rows_is_noticed() -> None:
    text = "hosts:\n" + "".join(HOSTS["flow"].format(number) for number in range(1, 41))
    before, after = (parse(each.encode(), "c.yaml") for each in (text, text.replace("10.0.0.20,", "10.0.0.21,")))
    verify_edit(before, before, 0, ("spec",), ())
    with pytest.raises(DocumentError, match="outside"):
        verify_edit(before, after, 0, ("spec",), ())
