"""KK204: an output folder that holds the files of another config."""

from __future__ import annotations

from pathlib import Path

from kkplan.disk.config_file import ConfigFile
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.rules.conftest import config_text

CLOUD: Answers = {"address": "172.16.0.100"}


def plan_of(config: Path, mode: str = "cloud-lb", answers: Answers = CLOUD) -> Plan:
    """A plan whose files go to kkplan-out beside the config."""
    return make_plan(read(ConfigFile(str(config), config_text().encode())), Request(mode_named(mode), answers))


def write_files(plan: Plan) -> None:
    """What apply writes, without apply."""
    for file in plan.files:
        path = Path(plan.output_dir, file.artifact.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.artifact.content.encode())


def test_the_files_of_another_config(tmp_path: Path) -> None:
    """Both are named, and the plan has nothing else against the folder."""
    write_files(plan_of(tmp_path / "a.yaml"))
    (finding,) = (one for one in plan_of(tmp_path / "b.yaml").findings if one.id.startswith("KK2"))
    assert (finding.id, finding.severity, finding.line) == ("KK204", Severity.WARNING, 0)
    assert finding.message.english == f"{tmp_path / 'kkplan-out'} holds the files of a.yaml"


def test_silent_for_its_own_files_and_in_a_new_folder(tmp_path: Path) -> None:
    """Nothing there, and files of the same config in another mode."""
    config = tmp_path / "a.yaml"
    assert [one for one in plan_of(config).findings if one.id == "KK204"] == []
    write_files(plan_of(config))
    pair: Answers = {"address": "172.16.0.100/24", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")}
    assert [one for one in plan_of(config, "keepalived", pair).findings if one.id == "KK204"] == []


def test_a_mode_without_files_leaves_those_of_another_config(tmp_path: Path) -> None:
    """Only the config's own files are to be moved away."""
    write_files(plan_of(tmp_path / "a.yaml"))
    assert plan_of(tmp_path / "b.yaml", "internal-haproxy", {}).advice == ()
    (advice,) = plan_of(tmp_path / "a.yaml", "internal-haproxy", {}).advice
    assert "from an earlier plan" in advice.english
