"""What `kk create config` of v4.0.6 writes for each version template, edited for each mode: these lines change and no other."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest

from kkplan.disk.config_file import read_config
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.conftest import ROOT

GENERATED = sorted((ROOT / "tests" / "fixtures" / "kubekey4" / "create-config").glob("*.yaml"))
INVENTORY = """\
apiVersion: kubekey.kubesphere.io/v1
kind: Inventory
metadata:
  name: default
spec:
  hosts:
    cp1: {connector: {host: 10.0.0.11}, internal_ipv4: 10.0.0.11}
    cp2: {connector: {host: 10.0.0.12}, internal_ipv4: 10.0.0.12}
    cp3: {connector: {host: 10.0.0.13}, internal_ipv4: 10.0.0.13}
    w1: {connector: {host: 10.0.0.14}, internal_ipv4: 10.0.0.14}
  groups:
    k8s_cluster: {groups: [kube_control_plane, kube_worker]}
    kube_control_plane: {hosts: [cp1, cp2, cp3]}
    kube_worker: {hosts: [w1]}
    etcd: {hosts: [cp1, cp2, cp3]}
"""
LOCAL = ["+     apiserver:", "+       certSANs: [10.0.0.100]"]
MODES: dict[str, tuple[str, Answers, list[str]]] = {
    "internal-haproxy": ("internal-haproxy", {}, ["-       type: local", "+       type: haproxy"]),
    "cloud-lb": (
        "cloud-lb",
        {"address": "10.0.0.100"},
        [*LOCAL, "+       local:", "+         address: 10.0.0.100"],
    ),
    "another port": (
        "cloud-lb",
        {"address": "10.0.0.100", "port": "8443"},
        [*LOCAL, "+       port: 8443", "+       local:", "+         address: 10.0.0.100"],
    ),
    "by name": (
        "cloud-lb",
        {"dns_name": "lb.corp.example"},
        ["+   native:", "+     localDNS: []", "+       host: lb.corp.example"],
    ),
    "keepalived": (
        "keepalived",
        {"address": "10.0.0.100/24", "lb": ("lb1=10.0.0.102", "lb2=10.0.0.103")},
        [*LOCAL, "+       local:", "+         address: 10.0.0.100"],
    ),
    "kube-vip": (
        "kube-vip",
        {"address": "10.0.0.100"},
        [
            *LOCAL,
            "+     kube_proxy:",
            "+       config:",
            "+         ipvs:",
            "+           excludeCIDRs: [10.0.0.100/32]",
            "-       type: local",
            "+       type: kube-vip",
            "+         address: 10.0.0.100",
        ],
    ),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("generated", GENERATED, ids=lambda path: path.stem)
def test_only_the_endpoint_changes(generated: Path, mode: str, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_bytes(generated.read_bytes())
    (tmp_path / "inventory.yaml").write_text(INVENTORY)
    name, answered, changed = MODES[mode]
    plan = make_plan(read(read_config(str(config))), Request(mode_named(name), answered, str(tmp_path / "out")))
    before, after = generated.read_text().split("\n"), plan.config.after.decode().split("\n")
    assert [line for line in ndiff(before, after) if line[0] in "+-"] == changed
    own = [finding.id for finding in plan.findings if not finding.fixed and finding.id.startswith("KK4")]
    assert own == (["KK407"] if mode == "by name" else [])  # the price of a name
    assert plan.effective_after.survives


@pytest.mark.parametrize("generated", GENERATED, ids=lambda path: path.stem)
def test_only_the_load_balancer_is_missing(generated: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(generated.read_bytes())
    (tmp_path / "config.yaml").chmod(0o600)
    (tmp_path / "inventory.yaml").write_text(INVENTORY)
    found = check_file(read_config(str(tmp_path / "config.yaml")), Selection()).findings
    assert [finding.id for finding in found] == ["KK408"]


def test_one_template_each() -> None:
    assert [path.stem.split(".")[1] for path in GENERATED] == [str(minor) for minor in range(23, 35)]
