"""KK103: KubeKey's HAProxy listens on 6443, whatever port says."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import config_text, found, found_in_plan, line_with, mended


def test_haproxy_with_another_port() -> None:
    """Workers would be pointed at a port that nobody serves."""
    text = config_text("internalLoadbalancer: haproxy\nport: 8443")
    (finding,) = found("KK103", text)
    assert (finding.id, finding.severity) == ("KK103", Severity.ERROR)
    assert finding.line == line_with(text, "port: 8443")
    assert finding.message.english.startswith("port is 8443")


def test_octal_and_quoted_ports_are_read_as_kk_means_them() -> None:
    """014433 is 6427 in YAML 1.1; a quoted port is KK112's as well, and still another one."""
    assert (
        "port is 6427" in found("KK103", config_text("internalLoadbalancer: haproxy\nport: 014433"))[0].message.english
    )
    assert (
        "port is 8443" in found("KK103", config_text('internalLoadbalancer: haproxy\nport: "8443"'))[0].message.english
    )


@pytest.mark.parametrize("port", ["6443", '"6443"', "0", "null", "", "0x192b", "014453", "6_443"])
def test_silent_for_6443_however_it_is_written(port: str) -> None:
    """0 and null are kk's default; hexadecimal, octal and underscores are YAML 1.1."""
    assert found("KK103", config_text(f"internalLoadbalancer: haproxy\nport: {port}")) == []


def test_silent_without_a_port_or_without_haproxy() -> None:
    """A load balancer of one's own may listen where it likes."""
    assert found("KK103", config_text("internalLoadbalancer: haproxy")) == []
    assert found("KK103", config_text("address: 172.16.0.100\nport: 8443")) == []
    assert found("KK103", config_text("internalLoadbalancer: kube-vip\naddress: 172.16.0.100\nport: 8443")) == []


def test_internal_haproxy_sets_the_port_back() -> None:
    """The mode's plan has no such finding."""
    assert found_in_plan("KK103", config_text("address: 172.16.0.100\nport: 8443"), "internal-haproxy") == []


@pytest.mark.parametrize("port", ["8443", "014433", "8443 # the LB's"])
def test_it_is_mended_to_6443(port: str) -> None:
    """The number only: quotes, comments and all other keys stay."""
    text = config_text(f"internalLoadbalancer: haproxy\nport: {port}")
    assert mended("KK103", text) == text.replace(port.split()[0], "6443")


def test_a_port_in_quotes_is_mended_by_kk112_first() -> None:
    """Two fixes of one value in one round would be one too many."""
    text = config_text("internalLoadbalancer: haproxy\nport: '8443'")
    assert mended("KK103", text) == text
    assert mended("KK103", mended("KK112", text)) == text.replace("'8443'", "6443")


def test_an_anchored_port_is_left_to_a_person() -> None:
    """The other place would change as well."""
    text = "x-port: &p 8443\n" + config_text("internalLoadbalancer: haproxy\nport: &q 8443\nkubevip: {mode: *q}")
    assert len(found("KK103", text)) == 1
    assert mended("KK103", text) == text
