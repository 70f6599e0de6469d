"""Others write at the same time: an editor, a second kkplan, a signal, and a kill between the steps."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pexpect
import pytest

from kkplan.disk import DiskError, lock
from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import CLOUD, HAPROXY, OLDER, SAMPLE
from tests.disk.site import Site, temporaries, tree
from tests.disk.test_faults import States

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: sh tools/packages.sh installs it"
)
OLD = SAMPLE.read_bytes()
ENVIRON = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """As if another kkplan were writing there."""
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


def start(*arguments: str, command: str = "apply") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kkplan", command, *arguments],
        cwd=ROOT,
        env=ENVIRON,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_until_it_waits(program: subprocess.Popen[bytes], folder: Path) -> None:
    """Until it has the folder open, which is to lock it."""
    opened = Path(f"/proc/{program.pid}/fd")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for link in opened.iterdir():
            with suppress(FileNotFoundError):  # closed since it was listed
                if link.readlink() == folder:
                    return
        time.sleep(0.01)
    raise AssertionError("it does not wait")


@pytest.mark.parametrize("what", ["config", "config gone", "kkplan's file", "new file", "nothing"])
def test_edited_between_the_prompt_and_the_yes(what: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    assert kkplan("apply", "config.yaml", *OLDER, "--yes").returncode == 0
    output = tmp_path / "kkplan-out"
    command = [sys.executable, "-m", "kkplan", "apply", str(config), *CLOUD]
    terminal = pexpect.spawn(
        command[0], command[1:], cwd=str(ROOT), env={**ENVIRON, "TERM": "xterm"}, timeout=30, encoding="utf-8"
    )
    terminal.expect("Write these changes")
    edits: dict[str, Callable[[], object]] = {
        "config": lambda: config.write_bytes(OLD + b"# edited\n"),
        "config gone": config.unlink,
        "kkplan's file": lambda: (output / "README.md").write_text("edited\n"),
        "new file": lambda: (output / "notes").write_text("mine\n"),
        "nothing": lambda: None,
    }
    edits[what]()
    before = tree(tmp_path)
    terminal.send("y\r")
    terminal.expect(pexpect.EOF)
    terminal.close()
    said = re.sub(r"\s+", " ", str(terminal.before))
    assert "Traceback" not in said
    if what in ("nothing", "new file"):
        assert terminal.exitstatus == 0, said
        assert what == "nothing" or (output / "notes").read_text() == "mine\n"
    else:
        assert (terminal.exitstatus, tree(tmp_path)) == (1, before), said
        changed, again = ("this file", "Run kkplan again") if what == "config" else ("the output folder", "Plan again")
        refusal = f"another program has just changed {changed}; nothing was written. {again}"
        assert what == "config gone" or refusal in said
    assert temporaries(tmp_path) == []


def test_many_at_once_leave_one_whole_result(config: Path, tmp_path: Path) -> None:
    addresses = [f"10.20.0.{number}" for number in range(100, 106)]
    with held(tmp_path):
        programs = [start(str(config), "--mode", "cloud-lb", "--address", address, "--yes") for address in addresses]
        for program in programs:
            wait_until_it_waits(program, tmp_path)
    ended = [(program.communicate(timeout=60), program.returncode) for program in programs]
    winners = [address for address, (_, code) in zip(addresses, ended, strict=True) if code == 0]
    assert len(winners) == 1  # all of them had planned for the same config
    for (_, errors), code in ended:
        assert code == 0 or b"another program has just changed " in errors, errors
        assert b"Traceback" not in errors
    assert f'address: "{winners[0]}"'.encode() in config.read_bytes()
    assert winners[0] in (tmp_path / "kkplan-out" / "listener.json").read_text()
    assert json.loads((tmp_path / "kkplan-out" / "listener.json").read_text())
    assert len(list(tmp_path.glob("*.bak-*"))) == 1
    assert temporaries(tmp_path) == []


def test_two_configs_in_one_folder_wait_for_each_other(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    shutil.copy(config, other)
    programs = [start(str(path), *HAPROXY, "--yes") for path in (config, other)]
    assert [(program.communicate(timeout=60)[1], program.returncode) for program in programs] == [(b"", 0)] * 2
    assert config.read_bytes() == other.read_bytes() != OLD


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_waiting(number: signal.Signals, config: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    with held(tmp_path):
        program = start(str(config), *CLOUD, "--yes")
        wait_until_it_waits(program, tmp_path)
        time.sleep(0.1)
        program.send_signal(number)
        _, errors = program.communicate(timeout=30)
    assert (program.returncode, b"nothing was written" in errors) == (128 + number, True), errors
    assert tree(tmp_path) == before


def test_the_waiting_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0)
    with (
        held(tmp_path),
        pytest.raises(DiskError, match="another kkplan"),
        lock.locked({tmp_path}, frozenset({os.geteuid()}), lambda: None),
    ):
        pass


@needs_strace
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("site", ["renewed"], indirect=True)
def test_a_signal_at_any_step_is_obeyed_whole_or_comes_too_late(name: str, site: Site) -> None:
    states = States(site)
    bad: list[str] = []
    codes = set()
    for call in states.calls:
        if not call.changes_disk:
            continue
        site.put_back()
        ended = site.run(*call.inject(f"signal={name}"))
        codes.add(ended.code)
        is_old = ended.code == 128 + signal.Signals[name] and states.is_old(ended) and "nothing was" in ended.said
        is_new = ended.code == 0 and states.is_new(ended) and "Written" in ended.said
        if not (is_old or is_new) or ended.left:
            bad.append(f"{call.line}: {ended.code} {ended.left} {ended.said}")
    assert not bad, "\n".join(bad)
    assert codes == {0, 128 + signal.Signals[name]}
