"""KK302: a value of the wrong type."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, line_with


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ('kubernetes:\n  maxPods: "110"\n', "without quotes"),
        ("kubernetes:\n  masqueradeAll: yes please\n", "true or false"),
        ("registry:\n  insecureRegistries: harbor.local\n", "a dash before each value"),
        ("kubernetes: v1.26.5\n", "Write keys and values under it"),
        ("etcd:\n  backupDir: [/var/backups]\n", "in quotes"),
    ],
)
def test_a_value_of_another_type(more: str, advice: str) -> None:
    text = config_text(more=more)
    (finding,) = found("KK302", text)
    assert finding.line == line_with(text, more.strip().splitlines()[-1].strip())
    assert advice in str(finding.advice)


def test_a_password_of_digits_is_found_and_not_shown() -> None:
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", "password: 77123477"))
    text = config_text(hosts=hosts)
    (finding,) = found("KK302", text)
    assert finding.line == line_with(text, "77123477")
    assert "77123477" not in f"{finding.message.english}{finding.advice}"


def test_what_v1alpha1_does_not_have_is_still_read_by_kk_3() -> None:
    """KK301 has the key; its value is held against v1alpha2's types."""
    text = config_text(more="system:\n  ntpServers: one\n").replace("v1alpha2", "v1alpha1")
    (finding,) = found("KK302", text)
    assert finding.line == line_with(text, "ntpServers:")
    assert "wrong type of spec.system.ntpServers: expected a list" in finding.message.english
    right = config_text(more="system:\n  ntpServers: [one]\n").replace("v1alpha2", "v1alpha1")
    assert found("KK302", right) == []


def test_an_empty_item_of_a_list() -> None:
    text = config_text(more="registry:\n  registryMirrors:\n  -\n  - https://mirror.local\n")
    (finding,) = found("KK302", text)
    assert "empty" in str(finding.message)


@pytest.mark.parametrize(
    "more",
    [
        "kubernetes:\n  maxPods: 110\n  masqueradeAll: false\n",
        "registry:\n  registryMirrors: []\n  insecureRegistries: [harbor.local]\n",
        "kubernetes:\n  apiserverArgs: [a=b]\n",
        "registry:\n",
    ],
)
def test_silent_for_right_values_and_null(more: str) -> None:
    assert found("KK302", config_text(more=more)) == []
