"""KK148: kube-vip with MetalLB or OpenELB."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found, line_with

KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100\n"


@pytest.mark.parametrize("name", ["metallb", "OpenELB", "metallb-system"])
def test_both_serve_services(name: str) -> None:
    text = config_text(KUBE_VIP, more=f"addons:\n- name: nfs\n- name: {name}\n")
    (finding,) = found("KK148", text)
    assert finding.line == line_with(text, f"name: {name}")


def test_silent_for_other_addons_and_without_kube_vip() -> None:
    assert found("KK148", config_text(KUBE_VIP, more="addons:\n- name: nfs\n- {}\n- x\n")) == []
    assert found("KK148", config_text(more="addons:\n- name: metallb\n")) == []
