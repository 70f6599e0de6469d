"""`kkplan show` in its three forms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kkplan.schema.stored import schema
from tests.conftest import PATTERNS, SAMPLES, Kkplan
from tests.rules.conftest import MASTERS, config_text, host

SECRET = b"Qcloud@"


def test_hosts_as_a_table_etcd_and_the_road(kkplan: Kkplan, config: Path) -> None:
    done = kkplan("show", config.name)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "  master1  172.16.0.4  172.16.0.4        etcd, master\n" in text
    assert "  members: 3; tolerated failures: 1  (master1, master2, master3)\n" in text
    assert "---> ! master1 172.16.0.4:6443\n" in text
    assert "  ! master1 (172.16.0.4): every node reaches an API server only there\n" in text
    assert SECRET not in done.stdout


def test_columns_stand_below_each_other_in_chinese(kkplan: Kkplan, tmp_path: Path) -> None:
    """A Chinese character of the head takes two cells."""
    (tmp_path / "c.yaml").write_text(config_text(), encoding="utf-8")
    lines = kkplan("show", "c.yaml", "--lang", "zh").stdout.decode().splitlines()
    head, first = lines[1], lines[2]
    assert head.index("地址") + head[: head.index("地址")].count("主") * 2 == first.index("172.16.0.4")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_json_follows_its_schema(path: Path, kkplan: Kkplan) -> None:
    done = kkplan("show", str(path), "--format", "json", "--lang", "zh")
    data = json.loads(done.stdout)
    Draft7Validator(schema("cluster-view")).validate(data)
    assert len(data["controlPlanes"]) == 3
    assert data["etcd"]["survivesLossOf"] == 1
    assert SECRET not in done.stdout


def test_mermaid_has_an_arrow_to_each_api_server(kkplan: Kkplan) -> None:
    done = kkplan("show", str(SAMPLES / "internal-haproxy" / "after.yaml"), "--format", "mermaid")
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "flowchart LR"
    assert sum(" --> end" in line for line in lines) == 3
    assert '  hop1["HAProxy on the same worker<br>127.0.0.1:6443"]' in lines


def test_thousands_of_hosts_are_cut_short(kkplan: Kkplan, tmp_path: Path) -> None:
    hosts = (*MASTERS, *(host(f"node{n}", f"10.0.{n // 250}.{n % 250 + 1}") for n in range(1, 301)))
    roles = {"etcd": ("master[1:3]",), "master": ("master[1:3]",), "worker": ("node[1:300]",)}
    (tmp_path / "c.yaml").write_text(config_text("internalLoadbalancer: haproxy", hosts=hosts, roles=roles))
    done = kkplan("show", "c.yaml")
    assert len(done.stdout.splitlines()) < 80
    assert b"and 253 more" in done.stdout


@pytest.mark.sampled(5)
@pytest.mark.parametrize("pattern", sorted(PATTERNS.glob("*/config.yaml")), ids=lambda path: path.parent.name)
def test_every_pattern_is_shown_or_refused(pattern: Path, kkplan: Kkplan, tmp_path: Path) -> None:
    """In no form with a traceback or a password."""
    shutil.copy(pattern, tmp_path / "config.yaml")
    done = kkplan("show", "config.yaml")
    assert done.returncode in (0, 1)
    assert bool(done.stdout) is (done.returncode == 0)
    assert b"Traceback" not in done.stderr
    assert b"this is a bug" not in done.stderr


def test_json_has_certificate_sans_haproxy_and_the_first_control_plane(kkplan: Kkplan, tmp_path: Path) -> None:
    roles = {"etcd": ("master2", "master1"), "control-plane": ("master1", "master2"), "worker": ("node1",)}
    more = "kubernetes: {apiserverCertExtraSans: [api.example.com]}\n"
    text = config_text("internalLoadbalancer: haproxy\n", roles=roles, more=more)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    data = json.loads(kkplan("show", "config.yaml", "--format", "json").stdout)
    sans = {"lb.kubesphere.local", "172.16.0.4", "master2.cluster.local", "10.233.0.1", "api.example.com", "node2"}
    assert sans <= set(data["certSANs"])
    assert data["haproxy"] == {
        "hosts": ["node1"],
        "bind": "127.0.0.1:6443",
        "servers": [
            {"name": "master1", "address": "172.16.0.4", "port": 6443},
            {"name": "master2", "address": "172.16.0.5", "port": 6443},
        ],
    }
    assert data["firstControlPlane"] == {"isCertain": False, "isOneOf": ["master1", "master2"]}


@pytest.mark.parametrize("endpoint", ["address: 172.16.0.100", "internalLoadbalancer: haproxy", 'address: ""'])
def test_where_kk_leaves_etc_hosts_alone_there_is_no_address_in_it(
    endpoint: str, kkplan: Kkplan, tmp_path: Path
) -> None:
    text = config_text(endpoint, more="system: {skipConfigureOS: true}\n")
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    data = json.loads(kkplan("show", "config.yaml", "--format", "json").stdout)
    assert data["endpoint"]["address"] == ""
    assert kkplan("show", "config.yaml").returncode == 0
