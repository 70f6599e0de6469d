"""Comments that accept a finding."""

from __future__ import annotations

import pytest

from kkplan.disk.config_file import ConfigFile
from kkplan.rules.selection import Selection
from kkplan.use.check_file import CheckedFile, check_file
from tests.rules.conftest import config_text


def checked(endpoint: str, top: str = "") -> CheckedFile:
    return check_file(ConfigFile("config.yaml", (top + config_text(endpoint)).encode()), Selection())


@pytest.mark.parametrize(
    "endpoint",
    [
        "adress: x # kkplan: ignore KK113 our fork of KubeKey knows it\naddress: 172.16.0.100",
        "# kkplan: ignore KK113\nadress: x\naddress: 172.16.0.100",
        "# kkplan: ignore KK101, kk113\n\n# a word more\nadress: x\naddress: 172.16.0.100",
        "#kkplan:ignore KK113\nadress: x\naddress: 172.16.0.100",
    ],
)
def test_a_comment_behind_the_value_or_above_it(endpoint: str) -> None:
    """Blank lines and other comments may stand between."""
    found = checked(endpoint)
    assert (found.findings, found.ignored) == ((), 1)


def test_a_whole_file() -> None:
    """Wherever the comment stands."""
    found = checked("adress: x\naddress: 172.16.0.100", "# kkplan: ignore-file KK113 reason\n")
    assert (found.findings, found.ignored) == ((), 1)


@pytest.mark.parametrize(
    "endpoint",
    [
        "# kkplan: ignore KK114\nadress: x\naddress: 172.16.0.100",
        "# kkplan: ignore KK113\naddress: 172.16.0.100\nadress: x",
        "# kkplan: ignore\nadress: x\naddress: 172.16.0.100",
        "# ignore KK113\nadress: x\naddress: 172.16.0.100",
        'domain: "lb.local # kkplan: ignore-file KK113"\nadress: x\naddress: 172.16.0.100',
        "domain: |\n  # kkplan: ignore-file KK113\nadress: x\naddress: 172.16.0.100",
    ],
)
def test_what_accepts_nothing(endpoint: str) -> None:
    """Another rule, another line, no rule at all, or words within a value."""
    found = checked(endpoint)
    assert "KK113" in [finding.id for finding in found.findings]
    assert found.ignored == 0


def test_the_last_line_without_a_line_end() -> None:
    """A comment with nothing below is about nothing."""
    text = config_text("adress: x\naddress: 172.16.0.100").rstrip() + "\n# kkplan: ignore KK113"
    found = check_file(ConfigFile("config.yaml", text.encode()), Selection())
    assert [finding.id for finding in found.findings] == ["KK113"]
