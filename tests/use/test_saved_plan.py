"""A saved plan is carried out as it was saved, or refused with what is wrong about it."""

from __future__ import annotations

import json
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
        (lambda data: data.update(version=99), "saved by a later kkplan"),
        (lambda data: data.pop("answers"), "no plan of kkplan"),
        (lambda data: data["edits"].pop(), "the plan's edits are not what"),
        (lambda data: data["files"][0].update(content="#!/bin/sh\nreboot\n"), "the plan's files are not what"),
        (lambda data: data["answers"].update(address="172.16.0.99/24"), "the plan's edits are not what"),
        (lambda data: data.update(mode="nonsense"), "nonsense"),
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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    port: 6443", "    port: 6444", "is now `port: 6444`"),
        ("  roleGroups:", "  # one more line\n  roleGroups:", "Plan again"),
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
    assert "the config has changed since it was planned for" in refused.stderr.decode()
    assert message in refused.stderr.decode()
