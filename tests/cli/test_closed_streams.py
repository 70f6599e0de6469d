"""Standard streams that the caller has closed, as some daemons do: an answer in words, never a trace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("plan - -m internal-haproxy <&-", 1, "the file is empty"),
        ("wizard config-sample.yaml <&-", 1, "needs a terminal"),
        ("<&-", 0, ""),
        ("plan config-sample.yaml -m internal-haproxy >&-", 1, "cannot write to standard output"),
        ("apply config-sample.yaml -m internal-haproxy --yes >&-", 1, "cannot write to standard output"),
        ("--version >&-", 1, "cannot write to standard output"),
        ("plan config-sample.yaml -m foo 2>&-", 64, ""),
        ("plan config-sample.yaml -m internal-haproxy <&- >&- 2>&-", 1, ""),
    ],
)
def test_closed_streams(command: str, code: int, said: str, config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -W error -m kkplan {command}"],
        capture_output=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
        text=True,
    )
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "bug" not in done.stderr
    assert "Exception" not in done.stderr
    assert config.read_bytes() == before


@pytest.mark.parametrize("reader", ["head -n 1", "head -c 0", "cat"])
def test_a_reader_of_both_streams_that_is_gone_spoils_no_exit_code(reader: str, config: Path, tmp_path: Path) -> None:
    """0 means that all is written, 141 that nothing is."""
    before = config.read_bytes()
    command = f"{sys.executable} -m kkplan apply {config.name} -m internal-haproxy --yes 2>&1 | {reader} >/dev/null"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"],
        cwd=tmp_path,
        check=False,
        timeout=60,
        capture_output=True,
    )
    assert (done.returncode, config.read_bytes() != before) in ((0, True), (141, False)), done
