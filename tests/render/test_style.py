"""Line breaks: between words, and never before punctuation that ends a phrase or after a bracket that opens one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkplan.render.style import _NARROW_PIECE, _PIECE, width_of, wrapped

NEVER_FIRST = "、。，：；！？）》」』】〉”’…"
NEVER_LAST = "（《「『【〈“‘(["


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("so does the endpoint of this machine", 16, ["so does the", "endpoint of this", "machine"]),
        ("  * so does the endpoint", 14, ["  * so does", "    the", "    endpoint"]),
        ("主机 master1 的地址是 172.16.0.4。其他", 34, ["主机 master1 的地址是 172.16.0.4。", "其他"]),
        ("主机 master1 的地址是 172.16.0.4。其他", 33, ["主机 master1 的地址是", "172.16.0.4。其他"]),
        ("所有节点（见下文）", 10, ["所有节点", "（见下文）"]),
        ("所有节点(见下文)", 9, ["所有节点", "(见下文)"]),
        ("节点 lb1(主机)", 9, ["节点 lb1", "(主机)"]),
        ("打开“主机”", 6, ["打开", "“主机”"]),
        ("a/path/that/is/longer/than/the/line 。", 10, ["a/path/that/is/longer/than/the/line", "。"]),
        ("(((((((", 3, ["((((((("]),
    ],
)
def test_a_line_is_broken_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width).split("\n") == lines


def test_further_lines_can_hang_below_the_first_column_of_text() -> None:
    assert wrapped("cloud-lb  the cloud's own", 18, hanging=10) == "cloud-lb  the\n          cloud's\n          own"


@given(
    st.lists(st.sampled_from(["主", "机", "。", "，", "（", "）", "“", "”", "lb1", "172.16.0.4", "(", ")", " "])),
    st.integers(20, 40),
)
def test_no_line_begins_or_ends_wrongly_and_nothing_is_lost(pieces: list[str], width: int) -> None:
    text = "主".join(["", *pieces, ""])  # punctuation is beside a character, as in a sentence
    lines = wrapped(text, width).split("\n")
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width_of(line) <= width
    for line in lines[1:]:
        assert line[0] not in NEVER_FIRST or " " in pieces, line
    for line in lines[:-1]:
        assert line[-1] not in NEVER_LAST, line


@given(st.text(st.sampled_from("ab1.:,;!?()[]{}“”‘’…→ \t\u00a0")))
def test_a_line_without_wide_characters_is_broken_by_the_quicker_pattern_in_the_same_places(line: str) -> None:
    assert re.findall(_NARROW_PIECE, line) == re.findall(_PIECE, line)
