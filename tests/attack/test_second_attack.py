"""What a second attack found (2026-11-26), kind by kind."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kkplan.disk import DiskError
from kkplan.disk.config_file import read_config, staged_config
from tests.conftest import SAMPLES, Kkplan

PAIR = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give files to another user")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.yaml"
    path.write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    path.chmod(0o600)
    return path


def test_a_link_that_leads_elsewhere_at_the_writing(config: Path, tmp_path: Path) -> None:
    """Neither is the other file replaced, nor does anything of the config go to its folder."""
    (tmp_path / "other").mkdir()
    victim = tmp_path / "other" / "shadow"
    victim.write_text("root:x")
    link = tmp_path / "link.yaml"
    link.symlink_to(config)
    read = read_config(str(link))
    link.unlink()
    link.symlink_to(victim)
    with (
        pytest.raises(DiskError, match="another program has just changed"),
        staged_config(read, b"new", datetime.now()),
    ):
        pass
    assert victim.read_text() == "root:x"
    assert [path.name for path in victim.parent.iterdir()] == ["shadow"]


def test_a_default_access_list_opens_no_config(config: Path, tmp_path: Path, kkplan: Kkplan) -> None:
    undefined = 0xFFFFFFFF
    entries = ((1, 7, undefined), (2, 6, NOBODY), (4, 5, undefined), (16, 7, undefined), (32, 5, undefined))
    access_list = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", access_list)
    except OSError:
        pytest.skip("no access lists on this file system")
    config.chmod(0o640)
    assert kkplan("apply", "c.yaml", "--mode", "internal-haproxy", "--yes").returncode == 0
    assert "system.posix_acl_access" not in os.listxattr(config)
    assert stat.S_IMODE(config.stat().st_mode) == 0o640


@needs_root
def test_a_config_that_is_a_mount(config: Path, tmp_path: Path) -> None:
    (tmp_path / "mounted.yaml").touch()
    command = (
        f"mount --bind c.yaml mounted.yaml; exec {sys.executable} -m kkplan apply mounted.yaml {' '.join(PAIR)} --yes"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", command],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "this file is a mount" in done.stderr) == (1, True), done.stderr
    assert not list(tmp_path.glob("*.bak-*"))


@needs_root
@pytest.mark.parametrize("where", ["x", "x/y", "link/y"])
def test_an_output_folder_below_one_of_another_user(where: str, config: Path, tmp_path: Path, kkplan: Kkplan) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    os.chown(tmp_path / "x", NOBODY, NOBODY)
    (tmp_path / "own" / "y").mkdir(parents=True)
    (tmp_path / "link").symlink_to("own")
    os.chown(tmp_path / "link", NOBODY, NOBODY, follow_symlinks=False)
    done = kkplan("apply", "c.yaml", *PAIR, "--output-dir", f"{where}/out", "--yes")
    assert done.returncode == 1
    assert "belongs to another user" in done.stderr.decode()
    assert not (tmp_path / where / "out").exists()
    assert config.read_bytes() == (SAMPLES / "keepalived" / "config-sample.yaml").read_bytes()


@needs_root
def test_settings_of_another_user(config: Path, tmp_path: Path, kkplan: Kkplan) -> None:
    job = tmp_path / "job"
    job.mkdir()
    config.rename(job / "c.yaml")
    settings = tmp_path / ".kkplan.toml"
    settings.write_text('[check]\nignore = ["KK102"]\n')
    assert "KK102" not in kkplan("check", "job/c.yaml").stdout.decode()
    (job / "d.yaml").write_bytes((job / "c.yaml").read_bytes())
    kinds: dict[str, Callable[[], object]] = {
        "a file": lambda: settings.write_text('[check]\nignore = ["KK102"]\n'),
        "no TOML": lambda: settings.write_text("["),
        "a folder": settings.mkdir,
        "a pipe": lambda: os.mkfifo(settings),
        "a link to nothing": lambda: settings.symlink_to("nothing"),
    }
    for make in kinds.values():
        settings.rmdir() if settings.is_dir() else settings.unlink()
        make()
        os.chown(settings, NOBODY, NOBODY, follow_symlinks=False)
        done = kkplan("check", "job/c.yaml", "job/d.yaml")
        assert done.stdout.count(b"KK102") == 2
        note = f"kkplan: {settings}: belongs to another user, so its settings are not used\n"
        assert done.stderr.decode() == note
    # A link of one's own to a file of theirs is theirs.
    settings.unlink()
    (tmp_path / "theirs").write_text('[check]\nignore = ["KK102"]\n')
    os.chown(tmp_path / "theirs", NOBODY, NOBODY)
    settings.symlink_to("theirs")
    done = kkplan("check", "job/c.yaml")
    assert (b"KK102" in done.stdout, done.stderr.decode()) == (True, note)
    # Those of the user further up count all the same.
    (job / "lab").mkdir()
    (job / "lab" / ".kkplan.toml").write_text("[")
    os.chown(job / "lab" / ".kkplan.toml", NOBODY, NOBODY)
    (job / ".kkplan.toml").write_text('[check]\nignore = ["KK102"]\n')
    (job / "c.yaml").rename(job / "lab" / "c.yaml")
    assert b"KK102" not in kkplan("check", "job/lab/c.yaml").stdout


@pytest.mark.parametrize("name", ["prod.yaml copy.yaml", '"prod.yaml"', "a  b.yaml"])
def test_patch_edits_the_file_that_is_named(name: str, tmp_path: Path, kkplan: Kkplan) -> None:
    sample = (SAMPLES / "internal-haproxy" / "config-sample.yaml").read_bytes()
    for each in ("prod.yaml", name):
        (tmp_path / each).write_bytes(sample)
    diff = kkplan("plan", name, "--mode", "internal-haproxy").stdout
    subprocess.run(["patch", "-p0"], input=diff, cwd=tmp_path, capture_output=True, check=False)
    assert (tmp_path / "prod.yaml").read_bytes() == sample
    assert (tmp_path / name).read_bytes() != sample


def test_patch_finds_no_file_for_a_name_that_ends_in_a_space(tmp_path: Path, kkplan: Kkplan) -> None:
    sample = (SAMPLES / "internal-haproxy" / "config-sample.yaml").read_bytes()
    for each in ("prod.yaml", "prod.yaml "):
        (tmp_path / each).write_bytes(sample)
    diff = kkplan("plan", "prod.yaml ", "--mode", "internal-haproxy").stdout
    subprocess.run(["patch", "-p0", "--batch"], input=diff, cwd=tmp_path, capture_output=True, check=False)
    assert (tmp_path / "prod.yaml").read_bytes() == sample


@pytest.mark.parametrize(
    ("host", "rest"),
    [
        ("{name: b, address: 10.0.0.2, user: root, pwd: Abc1,SecretWord}", ""),
        ("{name: b, address: 10.0.0.2, user: root, pass: Abc1,SecretWord: x}", ""),
        ("{name: b, address: 10.0.0.2, <<: {password: Abc1,SecretWord}}", ""),
        ("name: b\n    address: 10.0.0.2\n    <<: {password: Abc1,SecretWord}", ""),
        ("name: b\n    address: 10.0.0.2\n    <<: {password: Abc1,\n      SecretWord}", ""),
        ("{name: b}", "  addons:\n  - {name: x, sources: {chart: {name: x, password: Abc1,SecretWord}}}\n"),
        ("{name: b}", "  controlPlaneEndpoint: {address: 10.0.0.9, password: Abc1,SecretWord}\n"),
        ("{name: b}", "  registry:\n    auths: {username: admin, password: Abc1,SecretWord}\n"),
        ("{name: b}", "  registry:\n    auths: {username: admin, password: Abc1,SecretWord: x}\n"),
        ("{name: b}", "  etcd: {external: {keyFile: Abc1,SecretWord}}\n"),
    ],
)
def test_the_rest_of_a_password_is_no_key_to_name(host: str, rest: str, tmp_path: Path, kkplan: Kkplan) -> None:
    (tmp_path / "c.yaml").write_text(
        "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: s}\nspec:\n  hosts:\n"
        f"  - {host}\n  roleGroups: {{etcd: [b], control-plane: [b], worker: [b]}}\n{rest}"
    )
    for words in (
        ("check", "c.yaml"),
        *(("check", "c.yaml", "--format", form) for form in ("json", "sarif", "github")),
        ("plan", "c.yaml", "--mode", "internal-haproxy"),
        ("plan", "c.yaml", "--mode", "internal-haproxy", "--format", "json"),
        ("show", "c.yaml"),
    ):
        done = kkplan(*words)
        assert b"SecretWord" not in done.stdout + done.stderr, words


def test_the_runbook_s_command_is_one_for_a_shell(tmp_path: Path, kkplan: Kkplan) -> None:
    name = "x$(touch pwn) `touch pwn`.yaml"
    (tmp_path / name).write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    assert kkplan("apply", name, *PAIR, "--output-dir", "out", "--yes").returncode == 0
    lines = (tmp_path / "out" / "README.md").read_text().splitlines()
    for start, place in (("kk create ", 4), ("kkplan verify x", 2), ("kkplan verify 'x", 2)):
        program = tmp_path / start.split()[0]
        program.write_text(f'#!/bin/sh\nprintf %s "${place}"\n')
        program.chmod(0o755)
        for line in (line for line in lines if line.startswith(start)):
            environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
            ran = subprocess.run(
                ["sh", "-c", line], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
            )
            assert ran.stdout == name
    assert len([line for line in lines if "touch pwn" in line and line.startswith("kk")]) == 2
    assert not (tmp_path / "pwn").exists()


@pytest.mark.parametrize(("config_mode", "wanted"), [(0o600, 0o600), (0o640, 0o640), (0o644, 0o644), (0o777, 0o644)])
def test_a_plan_file_is_as_private_as_its_config(config_mode: int, wanted: int, config: Path, kkplan: Kkplan) -> None:
    config.chmod(config_mode)
    words = ("plan", "c.yaml", "--mode", "internal-haproxy", "--out", "ha.plan")
    assert kkplan(*words).returncode == 0
    plan = config.with_name("ha.plan")
    assert stat.S_IMODE(plan.stat().st_mode) == wanted
    plan.chmod(0o600)
    assert kkplan(*words).returncode == 0
    assert stat.S_IMODE(plan.stat().st_mode) == 0o600


def test_other_json_is_not_replaced_by_a_plan(config: Path, kkplan: Kkplan) -> None:
    other = config.with_name("mine.json")
    other.write_text('{"kkplan": {"note": "precious"}}')
    done = kkplan("plan", "c.yaml", "--mode", "internal-haproxy", "--out", "mine.json")
    assert (done.returncode, "precious" in other.read_text()) == (1, True)
