"""KK316: a control character in a name or an address."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


@pytest.mark.parametrize("escape", [r"\n", r"\r", r"\e", r"\x9b", r"\u202e", r"\u200b", r"\L", r"\t"])
def test_a_host_s_name_and_address(escape: str) -> None:
    """In each plan too, for the name goes into its files."""
    for strange in (host(f'"node3{escape}"', "172.16.0.9"), host("node3", f'"172.16.0.9{escape}"')):
        text = config_text(hosts=(*MASTERS, *NODES, strange))
        assert {finding.line for finding in found("KK316", text)} == {line_with(text, "node3")}


@pytest.mark.parametrize("key", ["domain", "address", "internalLoadbalancer"])
def test_the_endpoint(key: str) -> None:
    """At the line of the value."""
    text = config_text(f'{key}: "a\\eb"\n')
    (finding,) = found("KK316", text)
    assert finding.line == line_with(text, "a\\eb")
    assert f"controlPlaneEndpoint.{key} contains" in finding.message.english


def test_silent_for_other_odd_characters() -> None:
    """Chinese, blanks and capitals are for other rules."""
    assert found("KK316", config_text(hosts=(*MASTERS, *NODES, host("主 Node_3", "172.16.0.9")))) == []
