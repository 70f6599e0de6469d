"""KK401: a config or inventory that kk refuses."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, places

TOP = CONFIG_TEXT.partition("spec:")[0]


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (TOP + "spec: hello\n", 3),
        (TOP + "spec: [a]\n", 3),
        (TOP + "spec:\n  kubernetes:\n", 4),
        (TOP + "spec:\n  kubernetes: v1.33.4\n", 4),
        (CONFIG_TEXT.replace("kind: Config", "kind: [Config]"), 2),
        (CONFIG_TEXT.replace("kind: Config", "kind: 1"), 2),
    ],
)
def test_types_of_the_config(config: str, line: int) -> None:
    assert places(findings(config)) == [("KK401", "config.yaml", line)]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("{hosts: [w1, w2]}", "{hosts: w1}", 15),
        ("{hosts: [w1, w2]}", "{hosts: [{w1: 1}]}", 15),
        ("    kube_worker: {hosts: [w1, w2]}", "    kube_worker: [w1, w2]", 15),
        ("metadata:\n  name: default", "metadata: default\nx: y", 3),
    ],
)
def test_types_of_the_inventory(old: str, new: str, line: int) -> None:
    found = places(findings(inventory=INVENTORY_TEXT.replace(old, new)))
    assert ("KK401", "inventory.yaml", line) in found
    assert not {rule for rule, _, _ in found} & {"KK402", "KK403", "KK404"}


@pytest.mark.parametrize("config", [TOP, TOP + "spec:\n", TOP + "spec: {}\n", TOP + "spec: {kubernetes: {}}\n"])
def test_what_may_be_missing(config: str) -> None:
    assert "KK401" not in {finding.id for finding in findings(config)}


def test_numbers_are_names_in_an_inventory() -> None:
    assert findings(inventory=INVENTORY_TEXT.replace("w2:", "2:").replace("w1, w2", "w1, 2")) == []
