"""KK111: an internalLoadbalancer that kk does not know is the same as none."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from kkplan.shown import shown
from tests.rules.conftest import config_text, found, found_in_plan, line_with, mended


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("haprxy", "Did you mean haproxy?"),
        ("HAProxy", "Did you mean haproxy?"),
        ("kubevip", "Did you mean kube-vip?"),
        ('"kube_vip"', "Did you mean kube-vip?"),
        ("'haproxy '", "Did you mean haproxy?"),
        ("“haproxy”", "Did you mean haproxy?"),
        ("“kube_vip”", "Did you mean kube-vip?"),
        ("nginx", "Use haproxy or kube-vip"),
    ],
)
def test_an_unknown_value(value: str, advice: str) -> None:
    """kk compares letter for letter; the nearest name is proposed."""
    text = config_text(f"internalLoadbalancer: {value}\naddress: 172.16.0.100")
    (finding,) = found("KK111", text)
    assert (finding.id, finding.severity) == ("KK111", Severity.ERROR)
    assert finding.line == line_with(text, "internalLoadbalancer:")
    assert shown(value.strip("'\"")) in finding.message.english
    assert finding.advice.english == advice


@pytest.mark.parametrize(
    "value", ["haproxy", "'haproxy'", '"kube-vip"', '""', "null", "~", "", 'haproxy # [Default: ""]']
)
def test_silent_for_what_kk_knows(value: str) -> None:
    """Quotes and comments are no part of the value; empty and null are none."""
    assert found("KK111", config_text(f"internalLoadbalancer: {value}")) == []


def test_silent_for_a_value_of_another_type() -> None:
    """That is KK112's."""
    text = config_text("internalLoadbalancer: true")
    assert found("KK111", text) == []
    assert len(found("KK112", text)) == 1


def test_the_modes_mend_it() -> None:
    """The key is set or taken away."""
    text = config_text("internalLoadbalancer: haprxy")
    assert found_in_plan("KK111", text, "internal-haproxy") == []
    assert found_in_plan("KK111", text, "cloud-lb", address="172.16.0.100") == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("internalLoadbalancer: HAProxy", "internalLoadbalancer: haproxy"),
        ("internalLoadbalancer: ha-proxy # local", "internalLoadbalancer: haproxy # local"),
        ("internalLoadbalancer: ' haproxy'\naddress: ''", "internalLoadbalancer: 'haproxy'\naddress: ''"),
        (
            "{internalLoadbalancer: Kube-VIP, address: 172.16.0.100}",
            "{internalLoadbalancer: kube-vip, address: 172.16.0.100}",
        ),
        (
            'address: 172.16.0.100\ninternalLoadbalancer: "kube_vip"',
            'address: 172.16.0.100\ninternalLoadbalancer: "kube-vip"',
        ),
    ],
)
def test_other_letters_of_a_known_name_are_mended(wrong: str, right: str) -> None:
    """The quotes stay, and so does the comment."""
    assert mended("KK111", config_text(wrong)) == config_text(right)


@pytest.mark.parametrize(
    "endpoint",
    [
        "internalLoadbalancer: haprxy",
        "internalLoadbalancer: nginx",
        "internalLoadbalancer: HAProxy\naddress: 172.16.0.100",
        "internalLoadbalancer: HAProxy\nadress: 172.16.0.100",
        "internalLoadbalancer: Kube-VIP",
        "internalLoadbalancer: Kube-VIP\naddress: ''",
        "internalLoadbalancer: &lb HAProxy\ndomain: *lb",
    ],
)
def test_left_to_a_person(endpoint: str) -> None:
    """An address, be it misspelled, contradicts haproxy, and kube-vip needs one; an anchor stands for other places too."""
    text = config_text(endpoint)
    assert len(found("KK111", text)) == 1
    assert mended("KK111", text) == text


def test_an_address_that_a_merge_key_brings_in_contradicts_too() -> None:
    text = "x-lb: &lb {address: 172.16.0.100}\n" + config_text("<<: *lb\ninternalLoadbalancer: HAProxy")
    assert mended("KK111", text) == text
