"""What `make demo` shows a new user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.rehearsal.conftest import needs_lab


def demo(folder: Path, **environ: str) -> list[str]:
    """The lines of the demo in a folder with the samples; it has to succeed."""
    shutil.copytree(ROOT / "samples", folder / "samples")
    program = Path(sys.executable).parent / "kkplan"
    ran = subprocess.run(
        ["sh", str(ROOT / "tools" / "demo.sh"), str(program)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder), **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) <= 40
    return ran.stdout.splitlines()


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8"])
def test_without_root_it_says_how_to_rehearse(language: str, tmp_path: Path) -> None:
    ordinary = tmp_path / "bin" / "id"
    ordinary.parent.mkdir()
    ordinary.write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    ordinary.chmod(0o755)
    lines = demo(tmp_path, LANG=language, PATH=f"{ordinary.parent}:{os.environ['PATH']}")
    assert [line for line in lines if line.startswith(("+", "-"))] == [
        "--- config-sample.yaml",
        "+++ config-sample.yaml",
        '-    address: ""     # ********',
        '+    address: "172.16.0.10"     # ********',
    ]
    assert any("config-sample.yaml.bak-" in line for line in lines)
    assert "rehearse demo/kkplan-out --scenario haproxy-stopped" in lines[-2]
    assert lines[-1].endswith("/kkplan wizard /path/to/config-sample.yaml")
    assert (tmp_path / "demo" / "kkplan-out" / "install.sh").exists()


@needs_lab
def test_as_root_a_failure_is_rehearsed(tmp_path: Path) -> None:
    lines = demo(tmp_path)
    rows = [line.split()[0] for line in lines if "━" in line]
    assert rows == ["lb1", "lb2"], lines
