"""Several configs are replaced together: all are written first, the config itself takes its place last."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kkplan.disk import DiskError
from kkplan.disk.config_file import ConfigFile, read_config, replace_configs

NOW = datetime(2026, 11, 27, 12, 0, 0)


@pytest.fixture
def pair(tmp_path: Path) -> list[tuple[ConfigFile, bytes]]:
    """The config in one folder, the file beside it in another."""
    contents = []
    for folder, name in (("a", "config.yaml"), ("b", "hosts.yaml")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(b"old: 1\n")
        contents.append((read_config(str(tmp_path / folder / name)), f"new: {name}\n".encode()))
    return contents


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".yaml" or ".bak-" in path.name)


def test_the_config_is_replaced_last(
    pair: list[tuple[ConfigFile, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    replace = os.replace

    def recorded(source: Any, target: Any, **folders: Any) -> None:
        order.append(str(target))
        replace(source, target, **folders)

    monkeypatch.setattr(os, "replace", recorded)
    replaced = replace_configs(pair, NOW)
    assert [name for name in order if name in ("config.yaml", "hosts.yaml")] == ["hosts.yaml", "config.yaml"]
    assert [one.backup.read_bytes() for one in replaced] == [b"old: 1\n"] * 2
    assert [Path(file.name).read_bytes() for file, _ in pair] == [data for _, data in pair]


def test_a_failure_between_the_two_is_told(
    pair: list[tuple[ConfigFile, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The config is as it was, without a backup, and the error names what was replaced."""
    replace = os.replace

    def failing(source: Any, target: Any, **folders: Any) -> None:
        if str(target) == "config.yaml":
            raise OSError(28, "No space left on device")
        replace(source, target, **folders)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(DiskError, match=r"Already replaced: .*hosts\.yaml"):
        replace_configs(pair, NOW)
    assert (tmp_path / "a/config.yaml").read_bytes() == b"old: 1\n"
    assert names(tmp_path / "a") == ["config.yaml"]
    assert len(names(tmp_path / "b")) == 2


def test_nothing_is_replaced_where_one_has_changed(pair: list[tuple[ConfigFile, bytes]], tmp_path: Path) -> None:
    (tmp_path / "b/hosts.yaml").write_bytes(b"other: 1\n")
    with pytest.raises(DiskError, match="another program has just changed"):
        replace_configs(pair, NOW)
    assert (tmp_path / "a/config.yaml").read_bytes() == b"old: 1\n"
    assert names(tmp_path / "a") == ["config.yaml"]
    assert names(tmp_path / "b") == ["hosts.yaml"]
