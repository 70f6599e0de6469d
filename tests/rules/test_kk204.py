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


def plan_of(
    config: Path, mode: str = "cloud-lb", answers: Answers = CLOUD, *, text: str = "", output_dir: str = ""
) -> Plan:
    """A plan whose files go to kkplan-out beside the config, unless another folder is given."""
    file = ConfigFile(str(config), (text or config_text()).encode())
    return make_plan(read(file), Request(mode_named(mode), answers, output_dir))


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


def test_configs_of_two_sites_with_one_name(tmp_path: Path) -> None:
    """Told apart by the control planes; none of both may be the same."""
    one, other, folder = tmp_path / "a" / "config.yaml", tmp_path / "b" / "config.yaml", str(tmp_path / "out")
    write_files(plan_of(one, output_dir=folder))
    moved = config_text().replace("172.16.0.", "10.9.0.")

    def said(text: str) -> list[str]:
        plan = plan_of(other, text=text, output_dir=folder)
        return [finding.message.english for finding in plan.findings if finding.id == "KK204"]

    planes = "172.16.0.4, 172.16.0.5, 172.16.0.6"
    assert said(moved) == [f"{folder} holds the files of another config.yaml, with the control planes {planes}"]
    assert said(config_text()) == []
    # One that was kept is enough: the others were replaced.
    assert said(moved.replace("10.9.0.4", "172.16.0.4")) == []


def test_a_list_without_control_planes_tells_by_the_name_only(tmp_path: Path) -> None:
    """As an older kkplan wrote it, or with what is no address in their place."""
    folder, moved = str(tmp_path / "out"), config_text().replace("172.16.0.", "10.9.0.")
    write_files(plan_of(tmp_path / "a.yaml", output_dir=folder))
    sums = tmp_path / "out" / "SHA256SUMS"
    text = sums.read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines(keepends=True) if line.startswith("# Control planes: "))
    for instead in ("", "# Control planes: secret words\n"):
        sums.write_text(text.replace(line, instead), encoding="utf-8")
        plan = plan_of(tmp_path / "a.yaml", text=moved, output_dir=folder)
        assert [finding for finding in plan.findings if finding.id == "KK204"] == []


def test_a_mode_without_files_leaves_those_of_another_config(tmp_path: Path) -> None:
    """Only the config's own files are to be moved away."""
    write_files(plan_of(tmp_path / "a.yaml"))
    assert plan_of(tmp_path / "b.yaml", "internal-haproxy", {}).advice == ()
    (advice,) = plan_of(tmp_path / "a.yaml", "internal-haproxy", {}).advice
    assert "from an earlier plan" in advice.english
