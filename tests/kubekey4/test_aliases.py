"""Files in which a few lines of aliases or groups lead to more values than can be counted: each is looked at once."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator

import pytest

from kkplan.document import DocumentError
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings

LEVELS = 60
HOSTS = ("w1", "w2")


@pytest.fixture(autouse=True)
def _fails_and_does_not_hang() -> Iterator[None]:
    faulthandler.dump_traceback_later(120, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def bomb(
    indent: int, levels: int = LEVELS, *, leaf: object = 1, prefix: str = "k", each: str = "{{a: *{0}, b: *{0}}}"
) -> str:
    """A mapping whose last key has two to the power of its levels leaves."""
    lines = [f"k0: &{prefix}0 {{leaf: {leaf}}}"]
    lines += [f"k{level}: &{prefix}{level} " + each.format(f"{prefix}{level - 1}") for level in range(1, levels)]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


@pytest.mark.parametrize("each", ["{{a: *{0}, b: *{0}}}", "[*{0}, *{0}]"], ids=["mappings", "lists"])
@pytest.mark.parametrize("leaf", [1, 2], ids=["same", "different"])
def test_a_block_in_both_files(leaf: int, each: str) -> None:
    block = "  vars:\n    kubernetes:\n      control_plane_endpoint:\n"
    found = findings(CONFIG_TEXT + bomb(6, each=each), INVENTORY_TEXT + block + bomb(8, leaf=leaf, each=each))
    assert ("KK415" in {finding.id for finding in found}) is (leaf != 1)


@pytest.mark.parametrize("leaf", [1, 2], ids=["same", "different"])
def test_a_block_at_two_hosts(leaf: int) -> None:
    inventory = INVENTORY_TEXT
    for host, own in zip(HOSTS, (1, leaf), strict=True):
        line = next(line for line in INVENTORY_TEXT.splitlines(True) if line.strip().startswith(f"{host}:"))
        block = "      kubernetes:\n        control_plane_endpoint:\n" + bomb(10, leaf=own, prefix=host)
        inventory = inventory.replace(
            line, f"    {host}:\n      internal_ipv4: 10.0.0.{HOSTS.index(host) + 14}\n{block}"
        )
    pairs = [
        finding for finding in findings(CONFIG_TEXT, inventory) if "see different endpoints" in str(finding.message)
    ]
    assert [(HOSTS[1] in str(finding.message)) for finding in pairs] == [leaf != 1]  # else it is a control plane


def test_groups_that_hold_each_other() -> None:
    layers = "".join(
        f"    g{layer}x{number}: {{groups: [{', '.join(f'g{layer + 1}x{other}' for other in range(9))}]}}\n"
        for layer in range(15)
        for number in range(9)
    )
    cluster = "k8s_cluster: {groups: [g0x0], hosts: [cp1, cp2, cp3, w1, w2]}"
    inventory = INVENTORY_TEXT.replace("k8s_cluster: {groups: [kube_control_plane, kube_worker]}", cluster) + layers
    assert "KK418" in {finding.id for finding in findings(CONFIG_TEXT, inventory)}


def test_aliases_that_nest_deeper_than_any_config() -> None:
    outside = "x:\n" + bomb(2, 3000, each="{{a: *{0}}}")
    with pytest.raises(DocumentError, match="nested more than"):
        findings(outside + CONFIG_TEXT + "    free: *k2999\n")
