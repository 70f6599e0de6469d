"""The work is in proportion to the size of a file, whatever its shape: counted in calls of functions, not in seconds."""

from __future__ import annotations

import gc
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest

from kkplan.cluster.survival import survival
from kkplan.disk.config_file import ConfigFile
from kkplan.document import parse as parsing
from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.render.check import CheckFormat
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.plan import PlanFormat
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from kkplan.use.recognise import may_be_config
from tests.attack.shapes import LINEAR, REFUSED, Shape

pytestmark = pytest.mark.thorough

LOOK = OutputOptions()


def check(file: ConfigFile) -> None:
    format_named(CheckFormat, "text").report([check_file(file, Selection())], LOOK)


def show(file: ConfigFile) -> None:
    reading = read(file)
    cluster = reading.subject.cluster
    format_named(ClusterFormat, "text").show(file.name, cluster, survival(cluster, reading.effective), LOOK)


def plan(file: ConfigFile) -> None:
    answers: Answers = {"address": "10.9.8.7/24", "lb": ("lb1=10.9.8.1,nic=eth0", "lb2=10.9.8.2,nic=eth0")}
    request = Request(mode_named("keepalived"), answers, "/nonexistent/kkplan-out")
    format_named(PlanFormat, "text").plan(make_plan(read(file), request), LOOK)


def recognise(file: ConfigFile) -> None:
    """As `check FOLDER` does with every YAML and JSON file; without the word kind the text alone has to do."""
    may_be_config(file.data, file.name)
    may_be_config(file.data.replace(b"kind", b"x"), file.name)


def parse(file: ConfigFile) -> None:
    parsing.parse(file.data, file.name)


def calls_of(command: Any, shape: Shape, size: int) -> int:
    """How many functions the command calls for a shape of that size; the garbage collector's are not its own."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    file = ConfigFile("c.yaml", shape(size).encode())
    before = sys.getprofile()
    gc.disable()
    sys.setprofile(counted)
    try:
        command(file)
    except KkplanError:
        pass
    finally:
        sys.setprofile(before)
        gc.enable()
    return count


def assert_linear(command: Any, shape: Shape, size: int) -> None:
    """Twice the size adds at most about twice the calls: what does not depend on the size, and what is kept, cancels out.

    Where small files are read in another way than large ones, the large ones count.
    """
    calls_of(command, shape, 2)  # loads what is loaded once
    for larger in (size, 12 * size):
        counts = [calls_of(command, shape, larger * factor) for factor in (1, 2, 4)]
        first, second = counts[1] - counts[0], counts[2] - counts[1]
        if 0 <= second <= 2.5 * first + 400 or (larger > size and counts[2] <= 2.6 * counts[1]):
            return
    raise AssertionError(counts)


@pytest.mark.parametrize("command", [check, show, plan, recognise], ids=lambda command: command.__name__)
@pytest.mark.parametrize("shape", LINEAR)
def test_twice_the_file_is_twice_the_work(shape: str, command: Any) -> None:
    assert_linear(command, LINEAR[shape], 30)


@pytest.mark.parametrize("shape", LINEAR)
def test_the_pure_parser_too(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "libyaml", lambda: None)
    assert_linear(parse, LINEAR[shape], 20)


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
@pytest.mark.parametrize("shape", REFUSED)
def test_more_than_any_config_has_is_refused(shape: str, pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pure:
        monkeypatch.setattr(parsing, "libyaml", lambda: None)
    made, words = REFUSED[shape]
    for command in (check, show, plan):
        file = ConfigFile("c.yaml", made(1100).encode())
        if command is check:
            (finding,) = check_file(file, Selection()).findings
            assert (finding.id, words in str(finding.message)) == ("KK001", True)
        else:
            with pytest.raises(KkplanError, match=words.replace("(", r"\(")) as raised:
                command(file)
            assert raised.value.line > 0


# What C code does within one call is not counted: texts that are searched, split and compared.
LONG = (
    "longline", "longname", "longdomain", "longaddr6", "longversion2", "longversion3", "range-digits", "range-brackets",
    "blanks", "comments-hash", "comments-spaces", "comments-odd-ids", "plain-blank", "bad-fullwidth2", "bad-quote-pairs",
    "rows-colons", "rows-half", "etcdtype", "il", "unknown-long-key", "empty-far", "exclamation-marks", "tags-in-text",
    "backslashes", "line-folds", "wide-folds",
)  # fmt: skip


@pytest.mark.parametrize("shape", LONG)
def test_long_texts(shape: str) -> None:
    """With a generous factor: eight times the text may take twenty times as long, and quadratic work 64 times."""

    def seconds(size: int) -> float:
        file = ConfigFile("c.yaml", LINEAR[shape](size).encode())
        best = 60.0
        for _ in range(2):
            begun = time.process_time()
            for command in (check, plan, recognise):
                with suppress(KkplanError):
                    command(file)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(24_000) <= 20 * max(seconds(3_000), 0.02)
