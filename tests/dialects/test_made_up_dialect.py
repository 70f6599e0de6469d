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
    (tmp_path / "machines.yaml").chmod(0o600)
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
    assert (checked.returncode, checked.stdout.count("KK")) == (1, 2)
    assert "station.yaml:2:1: error KK901: the gate is b itself" in checked.stdout
    assert "station.yaml:2:43: warning KK903: " in checked.stdout
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
    unnamed = run(site, "plan", "station.yaml")
    assert unnamed.stderr.startswith(
        "kkplan: error: --mode is missing. Choose one of: cloud-lb, keepalived, kube-vip\n"
    )
    refused = run(site, "plan", "station.yaml", "--mode", "internal-haproxy")
    assert (refused.returncode, refused.stderr) == (1, "kkplan: error: a station has no HAProxy of its own\n")


def test_kubekey_3_is_as_it_was(site: Path) -> None:
    """With another dialect beside it."""
    cluster = "kind: Cluster\napiVersion: kubekey.kubesphere.io/v1alpha2\n"
    (site / "c.yaml").write_text(cluster)
    assert "the Cluster has no spec" in run(site, "plan", "c.yaml", *MODE).stderr


# A gate in the second file, with a port that differs from the station's 6443.
SECOND_GATE = """\
# 机器
kind: Machines
gate:
    name: old.example.com
    port: 99 # 旧
    key: Zq9xSEKRIT7w
"""


@pytest.fixture
def two_gates(site: Path) -> Path:
    (site / "machines.yaml").write_text(SECOND_GATE + MACHINES.partition("kind: Machines\n")[2])
    return site


def test_keys_are_compared_as_the_dialect_does(site: Path) -> None:
    """`Port` is no `port` where the case counts, for the editor, the schema, and what was meant."""
    checked = run(site, "check", "station.yaml")
    assert "station.yaml:4:3: warning KK903: " in checked.stdout
    assert "Did you mean port?" in checked.stdout


def test_a_finding_in_the_second_file(two_gates: Path) -> None:
    """Every format names that file, and a person sees that file's line."""
    text = run(two_gates, "check", "station.yaml").stdout
    assert "machines.yaml:5:5: warning KK902: the machines look for the gate at port 99" in text
    assert "5 |     port: 99 # ********\n  |     ^^^^^^^^" in text
    (found,) = [
        finding
        for finding in json.loads(run(two_gates, "check", "station.yaml", "--format", "json").stdout)["files"][0][
            "findings"
        ]
        if finding["id"] == "KK902"
    ]
    assert (found["file"], found["line"], found["fixable"]) == ("machines.yaml", 5, True)
    assert (
        "file=machines.yaml,title=kkplan KK902,line=5,"
        in run(two_gates, "check", "station.yaml", "--format", "github").stdout
    )
    sarif = json.loads(run(two_gates, "check", "station.yaml", "--format", "sarif").stdout)["runs"][0]
    (place,) = [one["locations"][0]["physicalLocation"] for one in sarif["results"] if one["ruleId"] == "KK902"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("machines.yaml", 5)
    assert [one["location"]["uri"] for one in sarif["artifacts"]] == ["station.yaml", "machines.yaml"]
    planned = run(two_gates, "plan", "station.yaml", *MODE).stdout
    assert (
        "fixed by this plan KK902 machines.yaml:5" in planned or "mended by this plan KK902 machines.yaml:5" in planned
    )


def test_comments_and_settings_are_about_their_own_file(two_gates: Path) -> None:
    """`ignore` counts in the file of the finding, and so does a path in .kkplan.toml."""
    machines = two_gates / "machines.yaml"
    machines.write_text(machines.read_text().replace("# 旧", "# kkplan: ignore KK902"))
    assert "KK902" not in run(two_gates, "check", "station.yaml").stdout
    machines.write_text(machines.read_text().replace(" # kkplan: ignore KK902", ""))
    (two_gates / ".kkplan.toml").write_text('[check.file-ignores]\n"machines.yaml" = ["KK902", "KK903"]\n')
    text = run(two_gates, "check", "station.yaml").stdout
    assert ("KK902" in text, "KK903" in text) == (False, True)


def test_a_broken_second_file(two_gates: Path) -> None:
    """What is wrong with it is about that file."""
    (two_gates / "machines.yaml").write_text("machines: [\n")
    assert run(two_gates, "check", "station.yaml").stdout.startswith("machines.yaml:")
    (found,) = json.loads(run(two_gates, "check", "station.yaml", "--format", "json").stdout)["files"][0]["findings"]
    assert (found["id"], found["file"]) == ("KK001", "machines.yaml")


def test_fix_in_the_second_file(two_gates: Path) -> None:
    """With a backup of that file; the config stays as it is."""
    machines = two_gates / "machines.yaml"
    before, station = machines.read_text(), (two_gates / "station.yaml").read_text()
    (two_gates / "machines.yaml").rename(two_gates / "elsewhere.yaml")
    fixed = run(two_gates, "check", "station.yaml", "--fix", "--machines", "elsewhere.yaml")
    assert "elsewhere.yaml:5:5: " in fixed.stdout
    assert (two_gates / "elsewhere.yaml").read_text() == before.replace("port: 99", "port: 6443")
    assert (two_gates / "station.yaml").read_text() == station
    (backup,) = two_gates.glob("elsewhere.yaml.*")
    assert backup.read_text() == before


def test_apply_writes_both_files(two_gates: Path) -> None:
    """Each with its diff and its backup; in each file's own indentation."""
    before = (two_gates / "machines.yaml").read_text()
    planned = json.loads(run(two_gates, "plan", "station.yaml", *MODE, "--format", "json").stdout)
    edits = [(edit["file"], edit["path"][-1], edit["line"]) for edit in planned["edits"]]
    assert ("machines.yaml", "at", 4) in edits
    assert ("station.yaml", "at", 3) in edits
    text = run(two_gates, "plan", "station.yaml", *MODE).stdout
    assert text.index("+++ station.yaml") < text.index("+++ machines.yaml")
    assert "SEKRIT" not in text
    applied = run(two_gates, "apply", "station.yaml", *MODE, "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    after = before.replace("old.example", "gate.example").replace("port: 99", 'at: "10.0.0.100"\n    port: 6443')
    assert (two_gates / "machines.yaml").read_text() == after
    assert '  at: "10.0.0.100"\n' in (two_gates / "station.yaml").read_text()
    assert next(two_gates.glob("machines.yaml.*")).read_text() == before
    assert next(two_gates.glob("station.yaml.*")).read_text() == STATION
    assert run(two_gates, "plan", "station.yaml", *MODE, "--detailed-exitcode").returncode == 0


def test_a_saved_plan_has_its_files(two_gates: Path) -> None:
    """It is carried out with the file that it was made with, wherever both are moved together."""
    folder = two_gates / "site"
    folder.mkdir()
    for name in ("station.yaml", "machines.yaml"):
        (two_gates / name).rename(folder / name)
    (folder / "machines.yaml").rename(folder / "other.yaml")
    named_file = ("--machines", "site/other.yaml")
    assert run(two_gates, "plan", "site/station.yaml", *MODE, *named_file, "--out", "site/gate.plan").returncode == 0
    saved = json.loads((folder / "gate.plan").read_text())
    assert saved["beside"]["machines"]["path"] == "other.yaml"
    folder.rename(two_gates / "moved")
    refused = run(two_gates, "apply", "moved/gate.plan", "--machines", "moved/other.yaml", "--yes")
    assert (refused.returncode, "already has its files. Leave --machines out" in refused.stderr) == (64, True)
    refused = run(two_gates, "verify", "moved/gate.plan", "--machines", "moved/other.yaml")
    assert (refused.returncode, "--machines" in refused.stderr) == (64, True)
    applied = run(two_gates, "apply", "moved/gate.plan", "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "port: 6443" in (two_gates / "moved/other.yaml").read_text()


@pytest.mark.parametrize("name", ["machines.yaml", "station.yaml"])
def test_a_stale_file_is_named(two_gates: Path, name: str) -> None:
    assert run(two_gates, "plan", "station.yaml", *MODE, "--out", "gate.plan").returncode == 0
    before = {path.name: path.read_text() for path in two_gates.glob("*.yaml")}
    with (two_gates / name).open("a") as file:
        file.write("# later\n")
    refused = run(two_gates, "apply", "gate.plan", "--yes")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"kkplan: error: {name}:") or f"{name}:" in refused.stderr.split(" ")[2]
    assert "has changed since the plan was made" in refused.stderr
    assert {path.name: path.read_text() for path in two_gates.glob("*.yaml")} == {
        **before,
        name: before[name] + "# later\n",
    }


def test_an_edited_plan_of_two_files_is_refused(two_gates: Path) -> None:
    """An edit that was moved to the other file is no edit that kkplan would make."""
    assert run(two_gates, "plan", "station.yaml", *MODE, "--out", "gate.plan").returncode == 0
    data = json.loads((two_gates / "gate.plan").read_text())
    for edit in data["edits"]:
        edit["file"] = "station.yaml"
    (two_gates / "gate.plan").write_text(json.dumps(data))
    assert "the plan's edits differ from what" in run(two_gates, "apply", "gate.plan", "--yes").stderr


def test_a_file_that_nobody_reads_is_refused(site: Path) -> None:
    """KubeKey 3 has no file beside its config."""
    (site / "c.yaml").write_text(
        "kind: Cluster\napiVersion: kubekey.kubesphere.io/v1alpha2\nspec: {hosts: [], roleGroups: {}}\n"
    )
    for command in (("plan", "c.yaml", *MODE), ("check", "c.yaml"), ("check", "c.yaml", "--fix"), ("show", "c.yaml")):
        refused = run(site, *command, "--machines", "machines.yaml")
        assert (refused.returncode, refused.stdout) == (64, ""), command
        assert "--machines does not go with this config" in refused.stderr
