"""Host names that Kubernetes or HAProxy could take are shown wherever they stand; any other name is an error."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kkplan.shown import MASK
from tests.conftest import Kkplan

NAMES = ("K8sMaster01", "VM-0-3a-Ubuntu", "aB3.Node_x9", f"N0{'aB1' * 20}c")
WAYS = (
    ("--mode", "cloud-lb", "--address", "10.0.0.100"),
    ("--mode", "keepalived", "--address", "10.0.0.100/24", "--lb", "Lb1xA=10.0.0.50", "--lb", "Lb2xA=10.0.0.51"),
)


def config_of(names: tuple[str, ...]) -> str:
    """A Cluster of control planes of these names; an entry of a role group names no host."""
    hosts = "".join(
        f"  - {{name: {name}, address: 10.0.0.{number}, internalAddress: 10.0.0.{number}}}\n"
        for number, name in enumerate(names, 1)
    )
    listed = ", ".join(names)
    return (
        "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: sample}\nspec:\n"
        f"  hosts:\n{hosts}  roleGroups:\n    etcd: [{listed}]\n    control-plane: [{listed}]\n    worker: [{names[0]}]\n"
        "  controlPlaneEndpoint: {domain: lb.kubesphere.local, address: '', port: 6443}\n"
    )


@pytest.mark.parametrize("way", WAYS, ids=["cloud-lb", "keepalived"])
@pytest.mark.parametrize(
    "arguments",
    [("show",), ("show", "--format", "json"), ("show", "--format", "mermaid"), ("check",), ("plan",), ("plan", "json")],
    ids=" ".join,
)
def test_host_names_are_shown(arguments: tuple[str, ...], way: tuple[str, ...], kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_of(NAMES))
    command, *rest = arguments
    options = [*way, "--format", "json" if rest else "text"] if command == "plan" else rest
    ran = kkplan(command, "c.yaml", *options)
    written = ran.stdout.decode()
    assert MASK not in written + ran.stderr.decode()
    assert all(name in written for name in (NAMES[:1] if "mermaid" in rest else NAMES))


def test_each_backend_of_a_listener_has_its_own_name(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_of(NAMES))
    plan = json.loads(kkplan("plan", "c.yaml", *WAYS[0], "--format", "json").stdout)
    (listener,) = (json.loads(file["content"]) for file in plan["files"] if file["path"] == "listener.json")
    assert [backend["name"] for backend in listener["backends"]] == list(NAMES)
    assert [machine["name"] for machine in plan["site"]["controlPlanes"]] == list(NAMES)


@pytest.mark.parametrize("name", ["主节点", '"a\\u202eb"', '"a b"', "a" * 64, "a!b", "p@ss"])
def test_another_name_is_an_error_of_the_plan(name: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_of((name, "node2", "node3")))
    ran = kkplan("plan", "c.yaml", *WAYS[0], "--format", "json")
    assert ran.returncode == 1
    assert {finding["id"] for finding in json.loads(ran.stdout)["findings"]} & {"KK314", "KK316"}
    applied = kkplan("apply", "c.yaml", *WAYS[0], "--yes")
    assert applied.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["c.yaml"]


@pytest.mark.parametrize("text", ["K8sMaster01", "Kee9A-n0"])
def test_elsewhere_such_a_word_stays_masked(text: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_of(NAMES[:1]).replace("domain: lb.kubesphere.local", f"domain: {text}"))
    ran = kkplan("plan", "c.yaml", *WAYS[0])
    shown = [line for line in ran.stdout.decode().splitlines() if re.match(r"[ +-] +controlPlaneEndpoint", line)]
    assert shown
    assert not any(text in line for line in shown)


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "--{}"),
        ("plan", "c.yaml", "--mode", "{}"),
        ("show", "c.yaml", "--lang", "{}"),
        ("check", "c.yaml", "--select", "{}"),
        ("completion", "{}"),
        ("plan", "c.yaml", "--mode", "cloud-lb", "--address", "{}"),
        ("plan", "c.yaml", "--mode", "cloud-lb", "--address", "10.0.0.9", "--port", "{}"),
        ("plan", "c.yaml", "--mode", "keepalived", "--address", "10.0.0.9", "--lb", "{}"),
        ("plan", "c.yaml", "--mode", "keepalived", "--address", "10.0.0.9", "--lb", "lb1=10.0.0.2,{}=1"),
        ("plan", "c.yaml", "--mode", "keepalived", "--address", "10.0.0.9", "--lb", "lb1={}", "--lb", "lb2=10.0.0.3"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("typed", ["VIP9x", "KK1X", "NÄME:1.2.3.4"])
def test_a_message_quotes_what_was_typed(
    arguments: tuple[str, ...], typed: str, kkplan: Kkplan, tmp_path: Path
) -> None:
    (tmp_path / "c.yaml").write_text(config_of(("node1", "node2", "node3")))
    ran = kkplan(*(argument.format(typed) for argument in arguments))
    assert ran.returncode in (1, 64)
    assert typed.casefold() in ran.stderr.decode().casefold()  # ids of rules are read in any case


@pytest.mark.parametrize(
    ("settings", "quoted"),
    [
        ('[check.file-ignores]\n"lab/*.yaml" = "KK108"\n', "lab/*.yaml"),
        ('"my key" = 1\n', "my key"),
        ('[check]\n"Aa1b c" = 1\n', "Aa1b c"),
    ],
)
def test_a_message_names_the_setting(settings: str, quoted: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_of(("node1",)))
    (tmp_path / ".kkplan.toml").write_text(settings)
    ran = kkplan("check", "c.yaml")
    assert ran.returncode == 1
    assert quoted in ran.stderr.decode()
