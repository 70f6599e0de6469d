"""The help: what fits a terminal, and what it says of commands and options."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from kkplan.cli.app import build_app
from kkplan.cli.commands import HELP
from kkplan.cli.help import COMMAND_GROUPS, EXAMPLES, GENERAL, first_sentence, group_of_option
from kkplan.locale import language_named, translate, use_language
from kkplan.render.style import width_of
from tests.conftest import Kkplan


@pytest.fixture(params=["en", "zh"])
def group(request: pytest.FixtureRequest) -> Iterator[Any]:
    use_language(request.param)
    yield typer.main.get_command(build_app())  # type: ignore[arg-type]
    use_language("en")


def helps(group: Any) -> Iterator[str]:
    top = typer.Context(group, info_name="kkplan", terminal_width=78)
    yield group.get_help(top)
    for name, command in group.commands.items():
        yield command.get_help(typer.Context(command, info_name=name, parent=top, terminal_width=78))


def test_every_line_fits_80_columns(group: Any) -> None:
    too_wide = [line for text in helps(group) for line in text.split("\n") if width_of(line) > 80]
    assert too_wide == []


def test_no_summary_is_cut(group: Any) -> None:
    text = next(helps(group))
    for command in HELP.values():
        assert any(line.endswith(first_sentence(str(command))) for line in text.split("\n")), command


def test_each_command_is_in_one_group_and_has_examples() -> None:
    grouped = [name for _, names in COMMAND_GROUPS for name in names]
    assert sorted(grouped) == sorted(HELP)
    assert set(EXAMPLES) == {"", *HELP}


def test_every_example_can_be_typed() -> None:
    group: Any = typer.main.get_command(build_app())  # type: ignore[arg-type]
    lines = [line for lines in EXAMPLES.values() for line in lines]
    assert len(lines) > 2 * len(HELP)
    for line in lines:
        typed = line.partition("<(")[2].rstrip(")") or line.removeprefix("sudo ").partition(" > ")[0]
        program, name, *words = shlex.split(typed.replace("\\\n", ""))
        assert program == "kkplan"
        group.commands[name].make_context(name, words)  # raises what a wrong line would


def test_only_a_mode_s_own_options_are_in_its_group() -> None:
    group: Any = typer.main.get_command(build_app())  # type: ignore[arg-type]
    plan = group.commands["plan"]
    groups = {one.opts[-1]: group_of_option(one) for one in plan.params if one.param_type_name == "option"}
    assert (groups["--address"], groups["--dns-name"], groups["--lb"]) == ("Endpoint", "cloud-lb", "keepalived")
    assert (groups["--out"], groups["--lang"]) == ("Output", str(GENERAL))


def test_the_help_is_translated(group: Any) -> None:
    for text in helps(group):
        assert text.startswith(translate("Usage:"))
        assert f"\n{translate('Examples')}" in text


@pytest.mark.parametrize(
    ("line", "help_of"),
    [
        ("plan", "kkplan plan --help"),
        ("plan --mode", "kkplan plan --help"),
        ("verify --wacht 5 config.yaml", "kkplan verify --help"),
        ("--lang en plan config.yaml --mode xyz --bad", "kkplan plan --help"),
        ("paln config.yaml", "kkplan --help"),
        ("--bad", "kkplan --help"),
        ("xyz plan", "kkplan --help"),
    ],
)
def test_a_usage_error_names_the_help_to_read(kkplan: Kkplan, line: str, help_of: str) -> None:
    done = kkplan(*line.split())
    assert (done.returncode, done.stderr.decode().splitlines()[-1]) == (64, f"For help, run: {help_of}")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        *((name, "zh") for name in ("zh", "zh_CN", "zh-Hans", "zh_CN.UTF-8", "ZH_cn.utf8")),
        *((name, "en") for name in ("en", "en_US", "en-GB", "en_US.UTF-8")),
        *((name, None) for name in ("", "fr", "zhx", "english", "C", "zh_", "zh CN")),
    ],
)
def test_a_language_by_any_of_its_names(name: str, language: str | None) -> None:
    assert language_named(name) == language


def test_lang_takes_the_name_of_a_locale(kkplan: Kkplan) -> None:
    assert kkplan("explain", "KK101", "--lang", "zh_CN.UTF-8").stdout == kkplan("explain", "KK101", "--lang=zh").stdout
    assert "用法：" in kkplan("--lang", "zh-Hans", "--help").stdout.decode()


@pytest.mark.parametrize(
    "option",
    ["--output-dir=", "--out=", "--answers=", "--mode=", "--format=", "--lang="],
)
def test_an_empty_option_is_refused(kkplan: Kkplan, option: str) -> None:
    for words in ((option,), (option.rstrip("="), "")):
        done = kkplan("plan", "config-sample.yaml", *words)
        assert (done.returncode, done.stderr.decode().splitlines()[0]) == (
            64,
            f"kkplan: error: {option.rstrip('=')} is empty. Give it a value, or remove the option",
        )
