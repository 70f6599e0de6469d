"""Broken and odd pairs of files: an error names the file and the line, shows no secret, and writes nothing but what it announced."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Kkplan
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT

MODE = ("--mode", "cloud-lb", "--address", "10.0.0.100")
SECRET = "Zq9xSEKRIT7w"
INVENTORY = INVENTORY_TEXT.replace("cp1: {connector: {host: 10.0.0.11}", f"cp1: {{connector: {{password: {SECRET}}}")
BLOCK = "control_plane_endpoint:\n      type: haproxy\n"


class Pair(NamedTuple):
    """A pair of files; where its error is: `FILE:LINE`, or `FILE` without a line; "" where a plan is applied."""

    config: str | bytes = CONFIG_TEXT
    inventory: str = INVENTORY
    error: str = ""


def config(old: str, new: str) -> str:
    assert old in CONFIG_TEXT
    return CONFIG_TEXT.replace(old, new)


def inventory(old: str, new: str) -> str:
    assert old in INVENTORY
    return INVENTORY.replace(old, new)


PAIRS = {
    "type in another case": Pair(config("haproxy", "HAProxy")),
    "spec in another case": Pair(config("spec:", "Spec:"), error="config.yaml:3"),
    "block in another case": Pair(config("control_plane_endpoint", "Control_Plane_Endpoint")),
    "Go's own keys in another case": Pair(inventory=inventory("  hosts:\n", "  Hosts:\n").replace("spec:", "SPEC:")),
    "group in another case": Pair(inventory=inventory("    etcd:", "    Etcd:"), error="inventory.yaml:1"),
    "block with an anchor": Pair(
        config("control_plane_endpoint:\n", "control_plane_endpoint: &e\n") + "  x: *e\n", error="config.yaml:7"
    ),
    "type with an anchor": Pair(config("type: haproxy", "type: &t haproxy") + "  x: *t\n", error="config.yaml:7"),
    "alias of a host": Pair(
        inventory=inventory("cp3: {", "cp3: &h {").replace("  groups:", "    w3: *h\n  groups:", 1)
    ),
    "alias of nothing": Pair(config("type: haproxy", "type: *t"), error="config.yaml:7"),
    "merge key above the block": Pair(
        config("  kubernetes:", "  base: &b {control_plane_endpoint: {type: local}}\n  kubernetes:\n    <<: *b")
    ),
    "merge key in the block": Pair("x: &x {type: haproxy}\n" + config("      type: haproxy", "      <<: *x")),
    "CRLF": Pair(CONFIG_TEXT.replace("\n", "\r\n"), INVENTORY.replace("\n", "\r\n")),
    "tab in the config": Pair(config("      type", "\ttype"), error="config.yaml:7"),
    "tab in the inventory": Pair(inventory=inventory("    cp2", "\tcp2"), error="inventory.yaml:8"),
    "BOM": Pair("\ufeff" + CONFIG_TEXT, "\ufeff" + INVENTORY),
    "several documents": Pair(CONFIG_TEXT + "---\nkind: ConfigMap\n", INVENTORY + "---\nkind: Inventory\n"),
    "empty first document": Pair("---\n---\n" + CONFIG_TEXT, error="config.yaml:1"),
    "empty first document of the inventory": Pair(inventory="---\n---\n" + INVENTORY, error="inventory.yaml:1"),
    "flow style": Pair("{kind: Config, spec: {kubernetes: {control_plane_endpoint: {type: haproxy,},},},}\n"),
    "Chinese comments": Pair(
        config("spec:\n", "# 控制平面\nspec: # 规格\n"), inventory("  hosts:", f"  # 密码 {SECRET}\n  hosts:")
    ),
    "null spec": Pair("kind: Config\napiVersion: kubekey.kubesphere.io/v1\nspec:\n"),
    "null block": Pair(config(BLOCK, "control_plane_endpoint:\n")),
    "null groups": Pair(inventory=INVENTORY.partition("    k8s_cluster")[0], error="inventory.yaml:1"),
    "null host": Pair(inventory=re.sub(r"cp2: .*", "cp2:", INVENTORY), error="inventory.yaml:8"),
    "spec as a list": Pair(config("spec:\n  kubernetes:", "spec:\n- kubernetes:"), error="config.yaml:3"),
    "hosts as a list": Pair(
        inventory=re.sub(r"  hosts:\n(    .*\n)+", "  hosts: [cp1]\n", INVENTORY), error="inventory.yaml:6"
    ),
    "block as text": Pair(config(BLOCK, f"control_plane_endpoint: {SECRET}\n"), error="config.yaml:6"),
    "group as text": Pair(inventory=inventory("[w1, w2]", SECRET), error="inventory.yaml:15"),
    "type as a number": Pair(config("haproxy", "1")),
    "type twice": Pair(CONFIG_TEXT + "      type: local\n", error="config.yaml:8"),
    "password misspelled": Pair(inventory=inventory("password", "pasword")),
    "certSANs as text": Pair(CONFIG_TEXT + "    apiserver: {certSANs: 10.0.0.1}\n", error="config.yaml:8"),
    "key with a question mark": Pair(
        config("    control_plane_endpoint:\n      type", "    ? control_plane_endpoint\n    : type"),
        error="config.yaml:6",
    ),
    "host that reaches a shell": Pair(CONFIG_TEXT + "      host: $(id)\n", error="config.yaml:8"),
    "escape in a host's name": Pair(inventory=inventory("    w1:", '    "w\\e1":'), error="inventory.yaml:10"),
    "Latin-1": Pair(CONFIG_TEXT.encode() + b"# \xe9\n", error="config.yaml:8"),
    "UTF-16": Pair(CONFIG_TEXT.encode("utf-16"), error="config.yaml"),
    "NUL": Pair(CONFIG_TEXT + "#\0\n", error="config.yaml"),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", PAIRS)
def test_a_broken_pair(kind: str, kkplan: Kkplan, tmp_path: Path) -> None:
    pair = PAIRS[kind]
    files = {tmp_path / "config.yaml": pair.config, tmp_path / "inventory.yaml": pair.inventory}
    before = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    for path, data in before.items():
        path.write_bytes(data)
        path.chmod(0o600)
    named = ("config.yaml", "--inventory", "inventory.yaml")
    commands = (("show", *named), ("check", *named), ("plan", *named, *MODE), ("apply", *named, *MODE, "--yes"))
    done = [kkplan(*command) for command in commands]
    said = [(one.stdout + one.stderr).decode() for one in done]
    assert all(one.returncode in (0, 1) for one in done), said
    assert not any(word in text for text in said for word in (SECRET, "Traceback", "report this"))
    assert (tmp_path / "inventory.yaml").read_bytes() == before[tmp_path / "inventory.yaml"]
    after = (tmp_path / "config.yaml").read_bytes()
    if pair.error:
        assert done[-1].returncode == 1
        assert f"kkplan: error: {pair.error}: " in said[-1]
        assert after == before[tmp_path / "config.yaml"]
        return
    assert done[-1].returncode == 0, said[-1]
    assert announced(done[2].stdout.decode()) == announced(
        "\n".join(unified_diff(before[tmp_path / "config.yaml"].decode().splitlines(), after.decode().splitlines()))
    )
    assert kkplan("plan", *named, *MODE, "--detailed-exitcode").returncode == 0


def announced(diff: str) -> list[str]:
    """What a diff adds to the config, and the keys of the lines that it takes away: their values may be masked."""
    lines = [line for line in diff.splitlines() if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]
    return [line if line.startswith("+") else line.partition(":")[0] for line in lines]
