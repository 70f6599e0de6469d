"""KK425: localhost in the groups of the inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.plan.finding import Severity
from tests.conftest import Kkplan
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, places

# As KubeKey v4.0.6 writes it (builtin/core/defaults/inventory/localhost.yaml), the examples in comments left out.
GENERATED = """\
apiVersion: kubekey.kubesphere.io/v1
kind: Inventory
metadata:
  name: default
spec:
  hosts: # your can set all nodes here. or set nodes on special groups.
    # node1:
    #   connector:
    #     type: ssh
  groups:
    k8s_cluster:
      groups:
        - kube_control_plane
        - kube_worker
    kube_control_plane:
      hosts:
        - localhost
    kube_worker:
      hosts:
        - localhost
    etcd:
      hosts:
        - localhost
"""


def of_rule(inventory: str) -> list[tuple[str, int, Severity]]:
    found = [finding for finding in findings(inventory=inventory) if finding.id == "KK425"]
    return [(finding.message.english, finding.line, finding.severity) for finding in found]


def said(groups: str) -> str:
    return f"localhost is in {groups}: kk would install on the machine it runs on"


def test_the_generated_inventory() -> None:
    """kk installs from it: there is no error, and no word that it stops."""
    groups = "kube_control_plane, kube_worker, etcd"
    assert of_rule(GENERATED) == [(said(groups), 17, Severity.WARNING)]
    assert Severity.ERROR not in {finding.severity for finding in findings(inventory=GENERATED)}


@pytest.mark.parametrize("group", ["kube_worker", "etcd"])
def test_one_group_was_forgotten(group: str) -> None:
    line = next(line for line in INVENTORY_TEXT.splitlines() if line.startswith(f"    {group}:"))
    inventory = INVENTORY_TEXT.replace(line, f"    {group}: {{hosts: [localhost]}}")
    number = INVENTORY_TEXT.splitlines().index(line) + 1
    assert of_rule(inventory) == [(said(group), number, Severity.WARNING)]


def test_hosts_are_listed_and_the_groups_are_not_changed() -> None:
    hosts = INVENTORY_TEXT[INVENTORY_TEXT.index("    cp1") : INVENTORY_TEXT.index("  groups")]
    inventory = GENERATED.replace("    # node1:\n", hosts)
    assert [message for message, *_ in of_rule(inventory)] == [said("kube_control_plane, kube_worker, etcd")]


def test_in_spec_hosts_without_an_address() -> None:
    inventory = INVENTORY_TEXT.replace("hosts:\n", "hosts:\n    localhost: {connector: {password: x}}\n", 1)
    assert of_rule(inventory.replace("[w1, w2]", "[w1, w2, localhost]")) == [(said("kube_worker"), 7, Severity.WARNING)]


def test_near_misses() -> None:
    """It has an address, or no role."""
    wanted = INVENTORY_TEXT.replace("hosts:\n", "hosts:\n    localhost: {internal_ipv4: 10.0.0.60}\n", 1)
    assert of_rule(wanted.replace("[w1, w2]", "[w1, w2, localhost]")) == []
    assert findings(inventory=f"{INVENTORY_TEXT}    image_registry: {{hosts: [localhost]}}\n") == []


@pytest.mark.parametrize("mode", [["internal-haproxy"], ["cloud-lb", "--address", "10.0.0.100"]])
def test_no_plan_for_a_control_plane_without_an_address(kkplan: Kkplan, tmp_path: Path, mode: list[str]) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT.replace("haproxy", "local"), encoding="utf-8")
    (tmp_path / "inventory.yaml").write_text(GENERATED, encoding="utf-8")
    planned = kkplan("plan", "config.yaml", "--mode", *mode, cwd=tmp_path)
    assert (planned.returncode, b"error KK425 inventory.yaml:17: localhost is in" in planned.stdout) == (1, True)
    applied = kkplan("apply", "config.yaml", "--mode", *mode, "--yes", cwd=tmp_path)
    assert applied.returncode != 0
    assert b"type: local\n" in (tmp_path / "config.yaml").read_bytes()


def test_what_is_shown_has_no_gaps(kkplan: Kkplan, tmp_path: Path) -> None:
    """The address of that machine is in no file."""
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT.replace("haproxy", "local"), encoding="utf-8")
    (tmp_path / "inventory.yaml").write_text(GENERATED, encoding="utf-8")
    shown = kkplan("show", "config.yaml", cwd=tmp_path).stdout.decode()
    assert "one control plane: localhost, port 6443" in shown
    assert "! localhost: every node reaches an API server only there" in shown
    assert "()" not in shown
    assert ":6443" not in shown.replace("port 6443", "")


def test_places_of_the_example() -> None:
    assert ("KK425", "inventory.yaml", 17) in places(findings(inventory=GENERATED))
