"""A saved plan is carried out as it was saved, or refused with what is wrong about it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Kkplan

LBS = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")


@pytest.fixture
def saved(kkplan: Kkplan, config: Path, tmp_path: Path) -> Path:
    assert kkplan("plan", config.name, *LBS, "--out", "ha.plan").returncode == 0
    return tmp_path / "ha.plan"


def changed(plan: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads(plan.read_text(encoding="utf-8"))
    change(data)
    plan.write_text(json.dumps(data), encoding="utf-8")


def test_it_does_what_the_command_would_have_done(kkplan: Kkplan, saved: Path, config: Path, tmp_path: Path) -> None:
    original = config.read_bytes()
    assert kkplan("apply", "ha.plan", "--yes").returncode == 0
    by_plan = config.read_bytes()
    bundle = {path.name: path.read_bytes() for path in (tmp_path / "kkplan-out").rglob("*") if path.is_file()}
    config.write_bytes(original)
    assert kkplan("apply", config.name, *LBS, "--yes", "--output-dir", "other").returncode == 0
    assert config.read_bytes() == by_plan != original
    assert {path.name: path.read_bytes() for path in (tmp_path / "other").rglob("*") if path.is_file()} == bundle


def test_it_holds_no_secret(saved: Path, config: Path) -> None:
    passwords = {
        line.split("password:")[1].split(",")[0].strip(' "}') for line in _lines(config) if "password:" in line
    }
    assert passwords
    text = saved.read_text(encoding="utf-8")
    assert [password for password in passwords if password in text] == []


def _lines(config: Path) -> list[str]:
    return config.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(version=99), "saved by a newer kkplan"),
        (lambda data: data.pop("answers"), "not a kkplan plan"),
        (lambda data: data["edits"].pop(), "the plan's edits differ from what"),
        (lambda data: data["files"][0].update(content="#!/bin/sh\nreboot\n"), "the plan's files differ from what"),
        (lambda data: data["answers"].update(address="172.16.0.99/24"), "the plan's edits differ from what"),
        (lambda data: data.update(mode="nonsense"), "nonsense"),
        (lambda data: data["config"].update(path="a\0b"), "config/path violates `pattern`"),
        (lambda data: data.update(outputDir="a\0b"), "outputDir violates `pattern`"),
    ],
)
def test_an_edited_plan_is_refused(
    kkplan: Kkplan, saved: Path, config: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    before = config.read_bytes()
    changed(saved, change)
    refused = kkplan("apply", "ha.plan", "--yes")
    assert refused.returncode != 0
    assert message in refused.stderr.decode()
    assert "Traceback" not in refused.stderr.decode()
    assert config.read_bytes() == before
    assert not (config.parent / "kkplan-out").exists()


@pytest.mark.parametrize("command", ["apply", "rehearse"])
def test_a_plan_moved_without_its_config_says_what_is_missing(
    kkplan: Kkplan, saved: Path, tmp_path: Path, command: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    saved.rename(elsewhere / saved.name)
    done = kkplan(command, f"elsewhere/{saved.name}")
    assert (done.returncode, done.stderr.decode()) == (
        1,
        f"kkplan: error: elsewhere/{saved.name}: this plan is for elsewhere/config-sample.yaml, which does not exist. "
        "A plan finds its files by their paths from the plan's folder: move them together, or plan again\n",
    )


@pytest.mark.sampled(5)
@pytest.mark.parametrize("command", [("verify",), ("rehearse",), ("apply", "--yes")])
@pytest.mark.parametrize(
    "change",
    [
        {"address": "nowhere"},
        {"address": ["172.16.0.10"]},
        {"lb": ["lb1"]},
        {"port": "many"},
        {"virtual_router_id": "999"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_answers_that_were_edited_are_refused_by_every_command(
    kkplan: Kkplan, saved: Path, command: tuple[str, ...], change: dict[str, Any]
) -> None:
    """Before anything is asked of any machine."""
    changed(saved, lambda data: data["answers"].update(change))
    refused = kkplan(command[0], "ha.plan", *command[1:])
    said = refused.stderr.decode()
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert "ha.plan: the plan's answers are invalid, so it was edited: " in said
    assert "Plan again" in said
    assert "bug" not in said


COMMANDS = ("verify", "rehearse", "apply")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "text", ["[" * 10_000, "[" * 10_000 + "]" * 10_000 + "}", '{"a":' * 10_000 + "1" + "}" * 10_001]
)
def test_a_plan_file_of_brackets(kkplan: Kkplan, tmp_path: Path, command: str, text: str) -> None:
    (tmp_path / "ha.plan").write_text('{"version": 1, "kkplan": ' + text, encoding="utf-8")
    refused = kkplan(command, "ha.plan")
    assert refused.returncode == 1
    assert "ha.plan: nested too deeply for a kkplan plan" in refused.stderr.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_path_that_is_too_long(kkplan: Kkplan, command: str) -> None:
    refused = kkplan(command, "a" * 300, *(["--mode", "internal-haproxy"] if command == "apply" else []))
    assert refused.returncode == 1
    assert f"{'a' * 300}: File name too long" in refused.stderr.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_plan_whose_config_has_a_name_that_is_too_long(kkplan: Kkplan, saved: Path, command: str) -> None:
    """verify needs no config, and is stopped here by a port that is none before it knocks anywhere."""

    def change(data: dict[str, Any]) -> None:
        data["config"]["path"] = "a" * 300
        data["site"]["port"] = 0

    changed(saved, change)
    refused = kkplan(command, "ha.plan")
    assert refused.returncode == 1
    assert ("invalid endpoint port 0" if command == "verify" else "File name too long") in refused.stderr.decode()


# Root reads everything: without its capabilities it is a user like others.
_AS_A_USER = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


@pytest.mark.skipif(_AS_A_USER != [] and shutil.which("setpriv") is None, reason="root, and no setpriv")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("locked", "target"), [("ha.plan", "ha.plan"), ("folder", "folder/ha.plan"), ("folder", "folder")]
)
def test_no_permission(saved: Path, command: str, locked: str, target: str) -> None:
    folder = saved.parent / "folder"
    folder.mkdir()
    (folder / "ha.plan").write_bytes(saved.read_bytes())
    (saved.parent / locked).chmod(0)
    options = ["--mode", "internal-haproxy"] if command == "apply" else []
    refused = subprocess.run(
        [*_AS_A_USER, sys.executable, "-m", "kkplan", command, target, *options],
        cwd=saved.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (saved.parent / locked).chmod(0o700)
    assert refused.returncode == 1
    words = ("no permission to read it", "Permission denied", "this is a folder")
    assert [word for word in words if f"{target}: {word}" in refused.stderr] != [], refused.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    port: 6443", "    port: 6444", "is now `port: 6444`"),
        ("  roleGroups:", "  # one more line\n  roleGroups:", "the first difference is in line"),
    ],
)
def test_a_changed_config_is_refused_with_what_has_changed(
    kkplan: Kkplan, saved: Path, config: Path, old: str, new: str, message: str
) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused = kkplan("apply", "ha.plan", "--yes")
    assert refused.returncode == 1
    assert "the file has changed since the plan was made" in refused.stderr.decode()
    assert message in refused.stderr.decode()


@pytest.mark.parametrize("linked", ["the plan's folder", "the config's folder", "the output folder's", "the config"])
def test_a_plan_in_a_linked_folder_is_applied(linked: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """`..` leads out of the folder behind the link, not out of the one with the link in it."""
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    (tmp_path / "link").symlink_to("deep/er")
    name, plan, output = config.name, "ha.plan", "out"
    if linked == "the plan's folder":
        plan = "link/ha.plan"
    elif linked == "the config's folder":
        config.rename(deep / config.name)
        name, config = f"link/{config.name}", deep / config.name
    elif linked == "the config":
        (deep / "c.yaml").symlink_to(config)
        name = "link/c.yaml"
    else:
        output = "link/out"
    before = config.read_bytes()
    done = kkplan("plan", name, *LBS, "--output-dir", output, "--out", plan)
    assert done.returncode == 0, done.stderr
    done = kkplan("apply", plan, "--yes", "--output-dir", output)
    assert done.returncode == 0, done.stderr
    assert config.read_bytes() != before
    assert (tmp_path / output / "install.sh").exists()


@pytest.mark.parametrize("state", ["new", "of someone else", "of other servers", "applied", "config changed"])
def test_a_rehearsal_does_not_look_at_the_output_folder(
    state: str, kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    """It tries what the plan would write, in a home where kkplan may not write too."""
    output = tmp_path / "kkplan-out"
    if state == "of other servers":
        renamed = [word.replace("lb1=", "lb3=").replace("lb2=", "lb4=") for word in LBS]
        original = config.read_bytes()
        assert kkplan("apply", config.name, *renamed, "--yes").returncode == 0
        config.write_bytes(original)
    made = kkplan("plan", config.name, *LBS, "--out", "ha.plan")
    assert made.returncode == 0, made.stderr
    if state == "of other servers":
        assert '"remove"' in (tmp_path / "ha.plan").read_text()
    if state == "of someone else":
        output.mkdir()
        (output / "notes").touch()
        output.chmod(0o777)
    elif state == "applied":
        assert kkplan("apply", "ha.plan", "--yes").returncode == 0
    elif state == "config changed":
        config.write_bytes(config.read_bytes().replace(b"172.16.0.4,", b"172.16.0.44,"))
    # The pair is read first, then the programs are looked for, which are nowhere here.
    done = kkplan("rehearse", "ha.plan", PATH="/nonexistent")
    said = done.stderr.decode()
    assert done.returncode == 1
    if state == "config changed":
        assert "the file has changed since the plan was made" in said
    else:
        assert said.startswith("kkplan: error: not installed: "), said
