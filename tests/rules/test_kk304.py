"""KK304: a number with a leading zero."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, line_with


def test_a_port_and_a_secret() -> None:
    """The value is not told: it may be a part of a password."""
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", "password: 0123456, port: 022"))
    text = config_text(hosts=hosts)
    findings = found("KK304", text)
    assert [finding.line for finding in findings] == [line_with(text, "port: 022")] * 2
    assert "0123456" not in "".join(finding.message.english for finding in findings)


@pytest.mark.parametrize("value", ["22", '"022"', "0", "0x16", "08", "v022", "0.5", "!!str 022"])
def test_silent_for_other_numbers_and_text(value: str) -> None:
    """08 is no octal number, and so text."""
    assert found("KK304", config_text(more=f"kubernetes: {{x: {value}}}\n")) == []
