"""Config and inventory as a person has them on disk: found, named, mixed up, or missing."""

from __future__ import annotations

import json
import shlex
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Kkplan
from tests.rules.conftest import config_text
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT

MODE = ("--mode", "cloud-lb", "--address", "10.0.0.100")
ANSIBLE = "all:\n  hosts:\n    web1:\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT)
    (tmp_path / "inventory.yaml").write_text(INVENTORY_TEXT)
    return tmp_path


def planes(kkplan: Kkplan, *arguments: str) -> list[str]:
    done = kkplan("show", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)["controlPlanes"]
    return found


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "arguments",
    [
        ("config.yaml",),
        ("inventory.yaml",),
        ("config.yaml", "--inventory", "inventory.yaml"),
        ("inventory.yaml", "--inventory", "config.yaml"),
    ],
)
def test_either_may_be_named(arguments: tuple[str, ...], kkplan: Kkplan) -> None:
    assert planes(kkplan, *arguments) == ["cp1", "cp2", "cp3"]


def test_other_names(site: Path, kkplan: Kkplan) -> None:
    (site / "inventory.yaml").rename(site / "hosts.yml")
    (site / "config.yaml").rename(site / "config-v1.33.4.yaml")
    assert planes(kkplan, "config-v1.33.4.yaml", "--inventory", "hosts.yml") == ["cp1", "cp2", "cp3"]
    assert planes(kkplan, "hosts.yml", "--inventory", "config-v1.33.4.yaml") == ["cp1", "cp2", "cp3"]


def test_two_documents_of_one_file(site: Path, kkplan: Kkplan) -> None:
    (site / "both.yaml").write_text(f"{CONFIG_TEXT}---\n{INVENTORY_TEXT}")
    (site / "inventory.yaml").unlink()
    assert planes(kkplan, "both.yaml") == ["cp1", "cp2", "cp3"]
    assert b"error KK406" in kkplan("check", "both.yaml").stdout


def test_without_an_inventory(site: Path, kkplan: Kkplan) -> None:
    """The endpoint's type is known, and nothing of its nodes; a plan is made all the same."""
    (site / "inventory.yaml").unlink()
    shown = kkplan("show", "config.yaml").stdout.decode()
    assert "no inventory: hosts, roles and where the endpoint leads on each node are unknown" in shown
    assert "type haproxy" in shown
    assert kkplan("check", "config.yaml").returncode == 0
    planned = kkplan("plan", "config.yaml", *MODE[:2], *MODE[2:])
    assert b"+        address: 10.0.0.100" in planned.stdout
    assert (site / "config.yaml").read_text() == CONFIG_TEXT


def test_without_a_config(site: Path, kkplan: Kkplan) -> None:
    """kk takes its defaults; there is nothing to edit."""
    (site / "config.yaml").unlink()
    data = json.loads(kkplan("show", "inventory.yaml", "--format", "json").stdout)
    assert (data["endpoint"]["domain"], data["controlPlanes"]) == ("lb.kubesphere.local", ["cp1", "cp2", "cp3"])
    refused = kkplan("plan", "inventory.yaml", *MODE)
    assert (refused.returncode, b"there is no config to edit" in refused.stderr) == (1, True)


def test_an_inventory_of_somebody_else(site: Path, kkplan: Kkplan) -> None:
    """Ansible's file has the same name: what was not named and is none of KubeKey's is left alone."""
    (site / "inventory.yaml").write_text(ANSIBLE)
    assert planes(kkplan, "config.yaml") == []
    checked = kkplan("check", "config.yaml").stdout
    assert (checked.count(b"KK4"), checked.count(b"KK423")) == (1, 1)


def test_a_folder_with_both_kubekeys(site: Path, kkplan: Kkplan) -> None:
    """Each config is judged by its own KubeKey, and the inventory with its config."""
    (site / "config-sample.yaml").write_text(config_text())
    (site / "config-sample.yaml").chmod(0o600)
    checked = kkplan("check", ".", "--format", "json")
    assert sorted(one["path"] for one in json.loads(checked.stdout)["files"]) == ["config-sample.yaml", "config.yaml"]
    assert planes(kkplan, "config-sample.yaml") == ["master1", "master2", "master3"]


def test_apply_and_back(site: Path, kkplan: Kkplan) -> None:
    """The inventory stays as it is; a saved plan knows it."""
    assert kkplan("plan", "config.yaml", *MODE, "--out", "lb.plan").returncode == 0
    applied = kkplan("apply", "lb.plan", "--yes")
    assert applied.returncode == 0, applied.stderr
    assert "      local:\n        address: 10.0.0.100\n" in (site / "config.yaml").read_text()
    assert (site / "inventory.yaml").read_text() == INVENTORY_TEXT
    assert kkplan("plan", "config.yaml", *MODE, "--detailed-exitcode").returncode == 0
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0
    assert (site / "config.yaml").read_text() == CONFIG_TEXT


def test_who_may_not_read_one_of_the_files_may_not_read_its_digest(site: Path, kkplan: Kkplan) -> None:
    """It could confirm a guessed password; whichever file is named."""
    (site / "inventory.yaml").chmod(0o600)
    for number, named in enumerate(("config.yaml", "inventory.yaml")):
        kkplan("plan", named, *MODE, "--out", f"{number}.plan")
        kkplan("review", f"{number}.plan", "--out", f"{number}.html")
    written = [*site.glob("?.plan"), *site.glob("?.html")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in written] == [0o600] * 4


def test_the_review_names_both_files(site: Path, kkplan: Kkplan) -> None:
    """Each finding has the place in its own file."""
    inventory = INVENTORY_TEXT.replace(
        "  groups:\n", "    w3: {internal_ipv4: 10.0.0.16, intrnal_ipv6: fd00::16}\n  groups:\n"
    )
    (site / "inventory.yaml").write_text(inventory)
    assert kkplan("plan", "config.yaml", *MODE, "--out", "lb.plan").returncode == 0
    assert kkplan("review", "lb.plan", "--out", "r.html").returncode == 0
    page = (site / "r.html").read_text()
    line = inventory[: inventory.index("intrnal")].count("\n") + 1
    assert f"inventory.yaml:{line}: " in page
    assert sha256(inventory.encode()).hexdigest() in page


@pytest.mark.usefixtures("site")
def test_the_first_line_of_a_plan(kkplan: Kkplan) -> None:
    first = kkplan("plan", "config.yaml", *MODE).stdout.decode().splitlines()[0]
    assert first.startswith("This plan is for kk 4.0.5 and newer")


@pytest.mark.usefixtures("site")
def test_kube_vip_is_for_kubekey_4_only(tmp_path: Path, kkplan: Kkplan) -> None:
    (tmp_path / "sample.yaml").write_text(config_text())
    refused = kkplan("plan", "sample.yaml", "--mode", "kube-vip", "--address", "10.0.0.100")
    assert (refused.returncode, b"Kubernetes 1.29" in refused.stderr) == (1, True)
    planned = kkplan("plan", "config.yaml", "--mode", "kube-vip", "--address", "10.0.0.100")
    assert b"excludeCIDRs: [10.0.0.100/32]" in planned.stdout
    for wrong, said in (("10.0.0.12", b"KK402"), ("192.168.9.9", b"KK403")):
        found = kkplan("plan", "config.yaml", "--mode", "kube-vip", "--address", wrong)
        assert (found.returncode, said in found.stdout) == (1, True)
    ipv6 = kkplan("plan", "config.yaml", "--mode", "kube-vip", "--address", "fd00::100")
    assert (ipv6.returncode, b"IPv6" in ipv6.stderr) == (64, True)


def test_leftovers_become_comments(site: Path, kkplan: Kkplan) -> None:
    """An address of another type would mislead; what else is in its mapping stays."""
    block = (
        "      type: kube-vip\n      local:\n        address: 10.0.0.99\n"
        "      kube_vip:\n        address: 10.0.0.98\n        image:\n          tag: v0.7.2\n"
    )
    (site / "config.yaml").write_text(CONFIG_TEXT.replace("      type: haproxy\n", block))
    assert kkplan("apply", "config.yaml", "--mode", "internal-haproxy", "--yes").returncode == 0
    assert (
        (site / "config.yaml")
        .read_text()
        .endswith(
            "      type: haproxy\n      # local:\n      #   address: 10.0.0.99\n"
            "      kube_vip:\n        # address: 10.0.0.98\n        image:\n          tag: v0.7.2\n"
        )
    )


def test_no_secret_is_shown(site: Path, kkplan: Kkplan) -> None:
    secret = "Zq9xSEKRIT7w"
    inventory = INVENTORY_TEXT.replace("host: 10.0.0.11}", f"host: 10.0.0.11, password: {secret}}}")
    (site / "inventory.yaml").write_text(inventory.replace("internal_ipv4: 10.0.0.12", ""))
    config = CONFIG_TEXT + f"  image_registry:\n    auth: {{password: {secret}}}\n"
    (site / "config.yaml").write_text(config)
    for arguments in (("show",), ("check",), ("plan", *MODE), ("apply", *MODE, "--yes")):
        done = kkplan(arguments[0], "config.yaml", *arguments[1:])
        assert secret.encode() not in done.stdout + done.stderr


FLOW = {
    "{type: local, local: {address: 10.0.0.9}, kube_vip: {address: 10.0.0.8}}": "{type: haproxy}",
    "{type: local, local: {address: 10.0.0.9},}": "{type: haproxy,}",
    "{local: {address: 10.0.0.9, }, type: local, }": "{type: haproxy, }",
    "{type: kube-vip, kube_vip: {image: {tag: v0.7.2}, address: 10.0.0.8, }}": "{type: haproxy, kube_vip: {image: {tag: v0.7.2}, }}",
    "{\n        type: local, # 类型\n        local: {address: 10.0.0.9},\n      }": "{\n        type: haproxy, # 类型\n      }",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("block", FLOW)
def test_leftovers_in_flow_style_are_gone(block: str, site: Path, kkplan: Kkplan) -> None:
    """A {…} mapping holds no comment; no comma is left that its author did not write."""
    text = CONFIG_TEXT.replace("control_plane_endpoint:\n      type: haproxy", "control_plane_endpoint: {}")
    (site / "config.yaml").write_text(text.format(block))
    assert kkplan("apply", "config.yaml", "--mode", "internal-haproxy", "--yes").returncode == 0
    assert (site / "config.yaml").read_text() == text.format(FLOW[block])


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "block",
    ["control_plane_endpoint:", "control_plane_endpoint: ~", "control_plane_endpoint: {host: null, type: haproxy}"],
)
@pytest.mark.parametrize("mode", [("--mode", "internal-haproxy"), MODE, ("--mode", "kube-vip", *MODE[2:])])
def test_a_null_gives_way_to_the_default(block: str, mode: tuple[str, ...], site: Path, kkplan: Kkplan) -> None:
    """A null host has no name to keep: the plan writes KubeKey's default."""
    text = CONFIG_TEXT.replace("control_plane_endpoint:\n      type: haproxy", block)
    (site / "config.yaml").write_text(text)
    applied = kkplan("apply", "config.yaml", *mode, "--yes")
    assert applied.returncode == 0, applied.stderr
    assert "host: lb.kubesphere.local" in (site / "config.yaml").read_text()
    assert kkplan("check", "config.yaml").returncode == 0
    assert kkplan("plan", "config.yaml", *mode, "--detailed-exitcode").returncode == 0


def test_a_block_of_a_wrong_type_is_one_finding(site: Path, kkplan: Kkplan) -> None:
    text = CONFIG_TEXT.replace("control_plane_endpoint:\n      type: haproxy", "control_plane_endpoint: haproxy")
    (site / "config.yaml").write_text(text)
    found = json.loads(kkplan("check", "config.yaml", "--format", "json").stdout)["files"][0]["findings"]
    assert [(one["id"], one["line"]) for one in found] == [("KK402", 6)]


@pytest.mark.parametrize("folder", ["k4only", "my site"])
def test_the_install_command_names_the_missing_inventory_beside_the_config(
    folder: str, kkplan: Kkplan, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir()
    config = f"{folder}/config.yaml"
    (tmp_path / config).write_bytes((SAMPLES / "kubekey4-cloud-lb" / "config.yaml").read_bytes())
    shown = kkplan("apply", config, *MODE, "--yes", cwd=tmp_path).stdout.decode()
    command = next(line.strip() for line in shown.splitlines() if line.strip().startswith("kk create cluster"))
    assert shlex.split(command)[3:] == ["-i", f"{folder}/inventory.yaml", "-c", config]
