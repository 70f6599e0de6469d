"""Several configs are replaced together: all are written first, the config itself takes its place last."""

from __future__ import annotations

import os
import stat
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


def test_each_keeps_its_mode_and_owner(pair: list[tuple[ConfigFile, bytes]]) -> None:
    """Its backup is its owner's alone."""
    own = (os.getuid(), os.getgid())
    owners = ((1234, 2345), (3456, 4567)) if os.geteuid() == 0 else (own, own)
    for (file, _), owner, mode in zip(pair, owners, (0o640, 0o604), strict=True):
        os.chown(file.name, *owner)
        Path(file.name).chmod(mode)
    replaced = replace_configs(pair, NOW)
    found = [Path(file.name).stat() for file, _ in pair]
    assert [(stat.S_IMODE(one.st_mode), one.st_uid, one.st_gid) for one in found] == [
        (0o640, *owners[0]),
        (0o604, *owners[1]),
    ]
    backups = [one.backup.stat() for one in replaced]
    assert [(stat.S_IMODE(one.st_mode), one.st_uid) for one in backups] == [(0o600, owner[0]) for owner in owners]


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
