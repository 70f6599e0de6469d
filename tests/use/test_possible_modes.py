"""The modes that are offered are those that the config's KubeKey can write."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.disk.config_file import read_config
from kkplan.errors import KkplanError
from kkplan.modes.mode import Mode, modes
from kkplan.use.make_plan import planned_subject, possible_modes
from kkplan.use.read import Reading, read
from tests.conftest import ROOT

CONFIGS = sorted(ROOT.glob("samples/*/config*.yaml"))


def is_planned(reading: Reading, mode: Mode) -> bool:
    try:
        planned_subject(reading, mode, {})
    except KkplanError:
        return False
    return True


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.parent.name)
def test_they_are_those_that_can_be_planned(config: Path) -> None:
    reading = read(read_config(str(config)))
    assert [mode.name for mode in possible_modes(reading)] == [
        mode.name for mode in modes() if is_planned(reading, mode)
    ]
