"""The command line read without typer means the same as with it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kkplan.cli import app, commands, quick
from kkplan.errors import UsageError

WORDS = st.sampled_from(
    [
        "config.yaml", "-", "a b", "", "--mode", "-m", "keepalived", "--mode=cloud-lb", "--lb", "lb1=10.0.0.1,nic=eth0", "--lb=x",
        "--address", "10.0.0.9/24", "--port", "6443", "--yes", "-y", "--full", "--no-input", "--detailed-exitcode", "--out", "ha.plan",
        "--format", "json", "--format=json", "--lang", "en", "--lang=zh", "--select", "KK101", "--ignore=KK3", "--strict", "--fix",
        "--modeline", "KK101", "--watch", "5", "--repeat=2", "--yes=1", "-mx", "--unknown", "--", "-h", "--help", "--out=",
    ]
)  # fmt: skip
NAMES = sorted(set(commands.HELP) - {"wizard"})


class Recorder:
    """Stands in for every command: keeps what it is called with."""

    def __init__(self) -> None:
        self.called: list[dict[str, Any]] = []

    @staticmethod
    def defaults(name: str) -> dict[str, Any]:
        parameters = inspect.signature(commands.command_named(name)).parameters.values()
        return {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty}

    def command_named(self, name: str) -> Callable[..., int | None]:
        command = commands.command_named(name)

        @wraps(command)
        def recorded(**arguments: Any) -> int | None:
            arguments = {**self.defaults(name), **arguments}
            self.called.append({key: value for key, value in arguments.items() if value not in (None, [], False)})
            return 0

        return recorded


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(app, "command_named", made.command_named)
    monkeypatch.setattr(quick, "command_named", made.command_named)
    parameters = quick._parameters  # reads a function's own code
    monkeypatch.setattr(quick, "_parameters", lambda recorded: parameters(recorded.__wrapped__))
    return made


def meant(recorder: Recorder, call: Callable[[], object]) -> dict[str, Any]:
    recorder.called.clear()
    try:
        call()
    except UsageError as error:
        return {"error": str(error)}
    (called,) = recorder.called
    return called


def by_typer(arguments: list[str]) -> Callable[[], object]:
    return lambda: app.build_app(arguments)(args=arguments, prog_name="kkplan", standalone_mode=False)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.lists(WORDS, max_size=7))
def test_what_is_read_without_typer_is_what_typer_reads(recorder: Recorder, name: str, words: list[str]) -> None:
    call = quick.quick_call([name, *words])
    if call is not None:
        assert meant(recorder, call) == meant(recorder, by_typer([name, *words]))


@pytest.mark.parametrize(
    "line",
    [
        "plan config.yaml --mode keepalived --address 10.0.0.9/24 --lb a=1 --lb b=2 --format=json",
        "apply ha.plan -y",
        "check a b --strict --select KK1",
        "show c.yaml",
        "schema",
        "explain KK101 KK102",
    ],
)
def test_usual_lines_need_no_typer(line: str) -> None:
    assert quick.quick_call(line.split()) is not None


@pytest.mark.parametrize(
    "line", ["", "plan", "plan a b", "plan a --mod x", "plan a --mode", "plan a --help", "-h", "plan a -mx"]
)
def test_odd_lines_are_typers(line: str) -> None:
    assert quick.quick_call(line.split()) is None
