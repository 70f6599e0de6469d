"""What the runbook says of the installation: kk's command and the endpoint's keys, as the config's own KubeKey has them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kkplan.cluster.endpoint import EndpointKind, WantedEndpoint
from kkplan.disk.config_file import read_config
from kkplan.use.read import read
from tests.conftest import SAMPLES, Kkplan

PAIR = ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")


def keys_of(runbook: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `(spec\.[\w.]+)` \| (.*) \|$", runbook, re.MULTILINE))


def test_kubekey_3(tmp_path: Path, kkplan: Kkplan) -> None:
    shutil.copy(SAMPLES / "keepalived" / "config-sample.yaml", tmp_path / "my config.yaml")
    assert kkplan("apply", "my config.yaml", *PAIR, "--yes").returncode == 0
    text = (tmp_path / "kkplan-out" / "README.md").read_text(encoding="utf-8")
    assert "```sh\nkk create cluster -f 'my config.yaml'\n```" in text
    assert keys_of(text) == {
        "spec.controlPlaneEndpoint.internalLoadbalancer": "no such key",
        "spec.controlPlaneEndpoint.domain": "`lb.kubesphere.local`",
        "spec.controlPlaneEndpoint.address": '`"172.16.0.10"`',
        "spec.controlPlaneEndpoint.port": "`6443`",
    }


@pytest.mark.parametrize("inventory", ["inventory.yaml", "sites/a.yaml", "../a.yaml"])
def test_kubekey_4(tmp_path: Path, kkplan: Kkplan, inventory: str) -> None:
    """The command is for the config's folder, wherever kkplan was run and the inventory is."""
    folder = tmp_path / "kk"
    (folder / inventory).parent.mkdir(parents=True, exist_ok=True)
    for name, place in (("config.yaml", "config.yaml"), ("inventory.yaml", inventory)):
        shutil.copy(SAMPLES / "kubekey4-keepalived" / name, folder / place)
    named = ("--inventory", f"kk/{inventory}")
    ran = kkplan("apply", "kk/config.yaml", *named, *PAIR, "--yes")
    assert ran.returncode == 0, ran.stderr
    text = (folder / "kkplan-out" / "README.md").read_text(encoding="utf-8")
    assert f"```sh\nkk create cluster -i {inventory} -c config.yaml\n```" in text
    assert "spec.controlPlaneEndpoint" not in text
    assert keys_of(text) == {
        "spec.kubernetes.control_plane_endpoint.host": "`lb.kubesphere.local`",
        "spec.kubernetes.control_plane_endpoint.port": "`6443`",
        "spec.kubernetes.control_plane_endpoint.type": "`local`",
        "spec.kubernetes.control_plane_endpoint.local.address": "`172.16.0.10`",
    }


def test_a_saved_plan_that_was_moved_says_the_same(tmp_path: Path, kkplan: Kkplan) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for name in ("config.yaml", "inventory.yaml"):
        shutil.copy(SAMPLES / "kubekey4-keepalived" / name, before)
    assert kkplan("plan", "before/config.yaml", *PAIR, "--out", "before/ha.plan").returncode == 0
    before.rename(tmp_path / "after")
    ran = kkplan("apply", "ha.plan", "--yes", cwd=tmp_path / "after")
    assert ran.returncode == 0, ran.stderr


DNS = WantedEndpoint(EndpointKind.DNS_NAME, "lb.example.com", port=8443)
HAPROXY = WantedEndpoint(EndpointKind.INTERNAL_HAPROXY, "lb.kubesphere.local")


@pytest.mark.parametrize(
    ("sample", "wanted", "described"),
    [
        (
            "cloud-lb/config-sample.yaml",
            DNS,
            {
                "internalLoadbalancer": None,
                "domain": "lb.example.com",
                "externalDNS": "true",
                "address": '""',
                "port": "8443",
            },
        ),
        (
            "cloud-lb/config-sample.yaml",
            HAPROXY,
            {"internalLoadbalancer": "haproxy", "domain": "lb.kubesphere.local", "address": '""', "port": "6443"},
        ),
        ("kubekey4-cloud-lb/config.yaml", DNS, {"host": "lb.example.com", "port": "8443", "type": "local"}),
        ("kubekey4-cloud-lb/config.yaml", HAPROXY, {"host": "lb.kubesphere.local", "port": "6443", "type": "haproxy"}),
    ],
)
def test_other_endpoints(sample: str, wanted: WantedEndpoint, described: dict[str, str | None]) -> None:
    reading = read(read_config(str(SAMPLES / sample)))
    assert reading.dialect.endpoint_description(reading.subject, wanted) == described


def test_the_request_for_a_load_balancer(tmp_path: Path, kkplan: Kkplan) -> None:
    """Its command and its keys are those of the config's KubeKey, with an address and with a name."""
    for name in ("config.yaml", "inventory.yaml"):
        shutil.copy(SAMPLES / "kubekey4-cloud-lb" / name, tmp_path / name)
    for way in (("--address", "10.0.0.100"), ("--dns-name", "lb.example.com")):
        ran = kkplan("apply", "config.yaml", "--mode", "cloud-lb", *way, "--yes")
        assert ran.returncode == 0, ran.stderr
        text = (tmp_path / "kkplan-out" / "README.md").read_text(encoding="utf-8")
        assert "`kk create cluster -i inventory.yaml -c config.yaml`" in text
        assert "`spec.kubernetes.control_plane_endpoint.port` in `config.yaml`" in text
        assert "`type: haproxy` in `spec.kubernetes.control_plane_endpoint`" in text
        assert "controlPlaneEndpoint" not in text
        assert "internalLoadbalancer" not in text
