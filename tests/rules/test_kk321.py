"""KK321: an invalid pod or service network."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with


@pytest.mark.parametrize(
    "text",
    ["10.233.64.1/18", "10.233.64.0", "10.233.64.0/33", '"10.233.64.0/18, fd85::/116"', "calico", '"10.233.64.0/18,x"'],
)
@pytest.mark.parametrize("key", ["kubePodsCIDR", "kubeServiceCIDR"])
def test_what_is_no_network(key: str, text: str) -> None:
    """Bits behind the prefix, no prefix, a blank."""
    config = config_text(more=f"network:\n  {key}: {text}\n")
    (finding,) = found("KK321", config)
    assert finding.line == line_with(config, f"{key}: ")


@pytest.mark.parametrize(
    "text", ["10.233.64.0/18", '"10.233.64.0/18,fd85:ee78:d8a6:8607::1:0000/112"', "fd85::/112", '""']
)
def test_silent_for_networks(text: str) -> None:
    """One, or one of each family."""
    assert found("KK321", config_text(more=f"network: {{kubePodsCIDR: {text}}}\n")) == []


def test_a_space_beside_a_network() -> None:
    """Named as such: the network itself is right."""
    (finding,) = found("KK321", config_text(more='network: {kubePodsCIDR: "10.233.64.0/18, fd85::/116"}\n'))
    assert "fd85::/116 is written with a space" in finding.message.english
    assert finding.advice.english == "Remove the space"
