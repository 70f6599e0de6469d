"""Every pattern of real files: the whole file comes out as it was written by hand, or is refused at the right line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.disk.config_file import read_config
from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.plan import Plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.conftest import PATTERNS, SAMPLES

WAYS: dict[str, tuple[str, Answers]] = {
    "internal-haproxy": ("internal-haproxy", {}),
    "address": ("cloud-lb", {"address": "172.16.0.100"}),
}
EDITED = sorted(folder.name for folder in PATTERNS.iterdir() if (folder / "address.yaml").exists())
REFUSED = sorted(folder.name for folder in PATTERNS.iterdir() if (folder / "error.txt").exists())


def planned(path: Path, mode: str, answers: Answers, folder: Path) -> Plan:
    return make_plan(read(read_config(str(path))), Request(mode_named(mode), answers, str(folder / "out")))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", EDITED)
def test_the_file_comes_out_as_written_by_hand(name: str, way: str, tmp_path: Path) -> None:
    plan = planned(PATTERNS / name / "config.yaml", *WAYS[way], tmp_path)
    assert plan.config.after == (PATTERNS / name / f"{way}.yaml").read_bytes()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", EDITED)
def test_a_second_time_nothing_changes(name: str, way: str, tmp_path: Path) -> None:
    plan = planned(PATTERNS / name / f"{way}.yaml", *WAYS[way], tmp_path)
    assert plan.edits == ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_edited_is_refused_at_its_line(name: str, tmp_path: Path) -> None:
    line, word = (PATTERNS / name / "error.txt").read_text(encoding="utf-8").split()[:2]
    with pytest.raises(KkplanError) as caught:
        planned(PATTERNS / name / "config.yaml", *WAYS["internal-haproxy"], tmp_path)
    assert (caught.value.line, word in str(caught.value).lower()) == (int(line), True), str(caught.value)


SAMPLE_ANSWERS: dict[str, Answers] = {
    "internal-haproxy": {},
    "cloud-lb": {"address": "10.20.0.100"},
    "keepalived": {"address": "172.16.0.10", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")},
}


@pytest.mark.parametrize("mode", SAMPLE_ANSWERS)
def test_each_sample_becomes_its_after(mode: str, tmp_path: Path) -> None:
    plan = planned(SAMPLES / mode / "config-sample.yaml", mode, SAMPLE_ANSWERS[mode], tmp_path)
    assert plan.config.after == (SAMPLES / mode / "after.yaml").read_bytes()
