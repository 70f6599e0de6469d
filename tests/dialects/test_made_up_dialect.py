"""Another KubeKey is one new folder: with it on kkplan's path, every command knows it, and nothing else has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "made_up"
PROGRAM = f"import kkplan; kkplan.__path__.append({str(FOLDER)!r}); from kkplan.cli.main import main; main()"
MACHINES = """\
# 机器
kind: Machines
machines:
- {called: a, ip: 10.0.0.1, password: Zq9xSEKRIT7w}
- {called: b, ip: 10.0.0.2}
- {called: c, ip: 10.0.0.3}
- {called: d, ip: 10.0.0.4}
"""
STATION = """\
kind: Station
gate:
  name: old.example.com # 门
  Port: 99 # in this case another key
  key: Zq9xSEKRIT7w
"""
LISTS = {
    "block": ("certs:\n  names:\n  - one.example.com\n", 'certs:\n  names:\n  - one.example.com\n  - "10.0.0.100"\n'),
    "deeper": ("certs:\n  names:\n    - a # x\n", 'certs:\n  names:\n    - a # x\n    - "10.0.0.100"\n'),
    "no line end": ("certs:\n  names:\n  - a", 'certs:\n  names:\n  - a\n  - "10.0.0.100"'),
    "flow": ("certs: {names: [one.example.com]} # x\n", 'certs: {names: [one.example.com, "10.0.0.100"]} # x\n'),
    "empty": ("certs:\n  names: []\n", 'certs:\n  names: ["10.0.0.100"]\n'),
    "null": ("certs:\n  names:\n", 'certs:\n  names: ["10.0.0.100"]\n'),
    "missing": ("certs:\n  other: 1\n", 'certs:\n  names: ["10.0.0.100"]\n  other: 1\n'),
    "no mapping": ("", 'certs:\n  names: ["10.0.0.100"]\n'),
    "there already": ("certs:\n  names: [10.0.0.100]\n", "certs:\n  names: [10.0.0.100]\n"),
}
MODE = ("--mode", "cloud-lb", "--address", "10.0.0.100", "--domain", "gate.example.com")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "station.yaml").write_text(STATION)
    (tmp_path / "machines.yaml").write_text(MACHINES)
    return tmp_path


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(site), "LANG": "C.UTF-8"}
    command = (sys.executable, "-c", PROGRAM, *arguments)
    return subprocess.run(command, capture_output=True, text=True, cwd=site, env=environment, check=False, timeout=60)


def test_plan_and_apply(site: Path) -> None:
    """The edit is as exact as with any other, in exact case, and the other file is left alone."""
    planned = run(site, "plan", "station.yaml", *MODE)
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "today: no gate" in planned.stdout
    assert "planned: the gate at 10.0.0.100" in planned.stdout
    assert '+  at: "10.0.0.100"' in planned.stdout
    assert "SEKRIT" not in planned.stdout
    applied = run(site, "apply", "station.yaml", *MODE, "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert (site / "station.yaml").read_text() == (
        "kind: Station\ngate:\n  name: gate.example.com # 门\n"
        '  at: "10.0.0.100"\n  port: 6443\n  Port: 99 # in this case another key\n  key: Zq9xSEKRIT7w\n'
        'certs:\n  names: ["10.0.0.100"]\n'
    )
    assert (site / "machines.yaml").read_text() == MACHINES
    assert "nothing to change" in run(site, "plan", "station.yaml", *MODE).stdout


@pytest.mark.parametrize("name", LISTS)
def test_an_item_of_a_list(name: str, site: Path) -> None:
    before, after = LISTS[name]
    (site / "station.yaml").write_text("kind: Station\n" + before)
    assert run(site, "apply", "station.yaml", *MODE, "--yes").returncode == 0
    assert (site / "station.yaml").read_text().endswith(after)
    assert run(site, "plan", "station.yaml", *MODE, "--detailed-exitcode").returncode == 0


def test_a_saved_plan(site: Path) -> None:
    """It is derived again, and refused when the file has changed."""
    assert run(site, "plan", "station.yaml", *MODE, "--out", "gate.plan").returncode == 0
    assert json.loads((site / "gate.plan").read_text())["edits"][0]["path"] == ["gate", "name"]
    with (site / "station.yaml").open("a") as file:
        file.write("# later\n")
    assert "has changed" in run(site, "apply", "gate.plan", "--yes").stderr


def test_check_and_show(site: Path) -> None:
    """Its own rules are used, and none of another KubeKey's."""
    (site / "station.yaml").write_text("kind: Station\ngate: {name: x, at: 10.0.0.2, port: 6443, adress: x}\n")
    checked = run(site, "check", "station.yaml")
    assert (checked.returncode, checked.stdout.count("KK")) == (1, 1)
    assert "station.yaml:2:1: error KK901: the gate is b itself" in checked.stdout
    assert "KK901" in run(site, "check", ".").stdout
    shown = run(site, "show", "station.yaml")
    assert shown.returncode == 0
    assert "the gate at 10.0.0.2" in shown.stdout
    assert "KK901" in run(site, "explain").stdout


def test_a_file_beside_it(site: Path) -> None:
    """Found by its name, or named by an option that the dialect brings."""
    (site / "machines.yaml").rename(site / "elsewhere.yaml")
    missing = run(site, "plan", "station.yaml", *MODE)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "station.yaml: a station needs its machines: --machines FILE" in missing.stderr
    for command in (("plan", "station.yaml", *MODE), ("show", "station.yaml"), ("check", "station.yaml")):
        assert run(site, *command, "--machines", "elsewhere.yaml").returncode == 0
    assert "--machines FILE" in run(site, "plan", "--help").stdout


def test_restore(site: Path) -> None:
    """Each backup with the endpoint that its own dialect sees, and nothing shown that its schema does not know."""
    assert run(site, "apply", "station.yaml", *MODE, "--yes").returncode == 0
    (site / "machines.yaml").rename(site / "elsewhere.yaml")
    assert "a station needs its machines" in run(site, "restore", "station.yaml", "--list").stdout
    done = run(site, "restore", "station.yaml", "--machines", "elsewhere.yaml", "--yes")
    assert (done.returncode, (site / "station.yaml").read_text()) == (0, STATION), done.stderr
    assert "the gate at 10.0.0.100" in done.stdout
    assert "no gate" in done.stdout
    assert '-  at: "10.0.0.100"' in done.stdout
    assert "SEKRIT" not in done.stdout


def test_what_it_cannot_do_is_said(site: Path) -> None:
    refused = run(site, "plan", "station.yaml", "--mode", "internal-haproxy")
    assert (refused.returncode, refused.stderr) == (1, "kkplan: error: a station has no HAProxy of its own\n")


def test_kubekey_3_is_as_it_was(site: Path) -> None:
    """With another dialect beside it."""
    cluster = "kind: Cluster\napiVersion: kubekey.kubesphere.io/v1alpha2\n"
    (site / "c.yaml").write_text(cluster)
    assert "the Cluster has no spec" in run(site, "plan", "c.yaml", *MODE).stderr
