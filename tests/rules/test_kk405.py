"""KK405: a file of KubeKey 3 given to kk 4."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.plan.finding import Severity
from tests.conftest import Kkplan
from tests.rules.conftest import config_text
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, places


def test_a_cluster_in_either_place() -> None:
    assert ("KK405", "config.yaml", 2) in places(findings(config_text()))
    assert ("KK405", "inventory.yaml", 2) in places(findings(inventory=config_text()))


@pytest.mark.parametrize("text", [config_text(), "kind: Cluster\napiVersion: kubekey.kubesphere.io/v1alpha2\n"])
def test_in_place_of_the_inventory_it_is_the_only_error(text: str) -> None:
    """Not also that its hosts are a list, and that no group has any."""
    found = [one for one in findings(inventory=text) if one.severity is Severity.ERROR]
    assert [(one.id, one.file) for one in found] == [("KK405", "inventory.yaml")]
    assert found[0].message.english.startswith("this is a config of KubeKey 3, not an inventory of KubeKey 4")
    assert "--inventory" in found[0].advice.english


def test_what_else_kk_refuses_is_said_too() -> None:
    """In the config; and in an inventory whose kind alone is KubeKey 3's."""
    wrong = CONFIG_TEXT.replace("  kubernetes:\n", "  kubernetes: [1]\n  other:\n")
    assert {one.id for one in findings(wrong, config_text())} >= {"KK401", "KK405"}
    listed = INVENTORY_TEXT.replace("kind: Inventory", "kind: Cluster").replace("hosts:\n", "hosts: []\n  more:\n", 1)
    assert "KK401" in {one.id for one in findings(inventory=listed)}


def test_kk_4_takes_no_offence_at_the_kind() -> None:
    """What it says is KubeKey 4's all the same."""
    assert findings(CONFIG_TEXT.replace("kind: Config", "kind: Cluster")) == []
    assert findings(inventory=INVENTORY_TEXT.replace("kind: Inventory", "kind: Cluster")) == []


def test_by_command_line(kkplan: Kkplan, tmp_path: Path) -> None:
    """The inventory makes it KubeKey 4's; without one it is KubeKey 3's, also where an inventory lies beside it."""
    (tmp_path / "sample.yaml").write_text(config_text())
    (tmp_path / "inventory.yaml").write_text(INVENTORY_TEXT)
    (tmp_path / "sample.yaml").chmod(0o600)
    named = kkplan("check", "sample.yaml", "--inventory", "inventory.yaml")
    assert (named.returncode, b"error KK405" in named.stdout) == (1, True)
    assert b"kk create cluster -f sample.yaml" in named.stdout
    alone = kkplan("check", "sample.yaml")
    assert (alone.returncode, b"KK405" in alone.stdout) == (0, False)
