"""The wizard's screens as a person sees them, at the usual sizes and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kkplan.modes.mode import modes
from kkplan.render.style import width_of
from tools.pictures.__main__ import DOWN, ENTER, LOCALES, Stage
from tools.pictures.terminal import Terminal

CLEAR = "\x15"
NEVER_FIRST = "。，：；！？）"


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Columns and rows."""
    found: tuple[int, int] = request.param
    return found


@pytest.fixture(params=LOCALES)
def screen(request: pytest.FixtureRequest, size: tuple[int, int], tmp_path: Path) -> Iterator[Terminal]:
    """The wizard at its first question."""
    columns, rows = size
    terminal = Stage(tmp_path, request.param, "keepalived").starts("kkplan", columns=columns, rows=rows)
    terminal.waits_for_an_answer()
    yield terminal
    terminal.is_left()


def lines_of(terminal: Terminal) -> list[str]:
    """What is on the screen, without the empty rows below."""
    return "\n".join(line.rstrip() for line in terminal.screen.display).rstrip().split("\n")


def last_question(lines: list[str]) -> int:
    return max(number for number, line in enumerate(lines) if line.startswith("? "))


def test_each_mode_has_its_line_beside_its_name(screen: Terminal, size: tuple[int, int]) -> None:
    lines = lines_of(screen)
    choices = lines[last_question(lines) + 1 :]
    names = [mode.name for mode in modes() if mode.name != "kube-vip"]  # not with KubeKey 3
    column = 3 + max(map(len, names)) + 2
    heads = [line for line in choices if line[3:column].strip()]
    assert [line[3:column].strip() for line in heads] == names
    assert heads[0].startswith(" » ")
    for line in choices:
        assert line[column:].strip(), "the text about a mode"
        assert line[column] not in f" {NEVER_FIRST}"
        assert width_of(line) < size[0]
    assert all("\n".join(lines).count(name) == 1 for name in names), "each mode is described once"


@pytest.mark.parametrize("answer", ["172.16.0.4", "machine"])
def test_a_refusal_is_right_below_the_answer_and_whole(answer: str, screen: Terminal, size: tuple[int, int]) -> None:
    screen.types(DOWN + DOWN + ENTER)
    screen.types(answer + ENTER)
    lines = lines_of(screen)
    (place,) = (number for number, line in enumerate(lines) if number >= last_question(lines) and line.endswith(answer))
    refusal = lines[place + 1 :]
    assert refusal, "it is there"
    assert all(line.startswith("  ") and width_of(line) < size[0] for line in refusal)
    assert all(line[2] not in f" {NEVER_FIRST}" for line in refusal)
    assert answer in refusal[0]
    screen.types(CLEAR + "1")
    assert lines_of(screen)[place + 1 :] == [], "it goes away with the answer"
