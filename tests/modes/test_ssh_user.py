"""The user for SSH to the LB servers: asked for, from the config, and what its runbook and playbooks do with it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import SAMPLES, Kkplan

PAIR = ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
# What only root may do. `ip addr show`, `mkdir` and `cat` are anyone's.
NEEDS_ROOT = (
    *("apt", "arping", "firewall-cmd", "haproxy", "install", "journalctl", "keepalived", "kubeadm", "mv", "openssl"),
    *("restorecon", "sed", "semanage", "setsebool", "sh", "socat", "ss", "systemctl", "tee", "ufw"),
)
Files = Callable[[tuple[str, str]], dict[str, str]]
USERS_OF_NODES = {
    "all agree": (("ubuntu", "ubuntu"), "ubuntu"),
    "they differ": (("ubuntu", "root"), "root"),
    "none is named": (("", ""), "root"),
    "one is named": (("ubuntu", ""), "root"),
    "a command": (("ops; reboot", "ops; reboot"), "root"),
    "an option": (("-oProxyCommand=reboot", "-oProxyCommand=reboot"), "root"),
    "what may be a password": (("aB3xK9qLm2Zt7Wp4Rv8Yc1Nd6Hf5Gj0S", "aB3xK9qLm2Zt7Wp4Rv8Yc1Nd6Hf5Gj0S"), "root"),
}


def kubekey3(users: tuple[str, str]) -> dict[str, str]:
    hosts = [
        {"name": f"cp{number}", "address": f"172.16.0.{number}", **({"user": user} if user else {})}
        for number, user in enumerate(users, 4)
    ]
    roles = {"etcd": ["cp4"], "control-plane": ["cp4", "cp5"], "worker": ["cp5"]}
    spec = {"hosts": hosts, "roleGroups": roles, "kubernetes": {"version": "v1.26.5"}}
    config = {
        "apiVersion": "kubekey.kubesphere.io/v1alpha2",
        "kind": "Cluster",
        "metadata": {"name": "a"},
        "spec": spec,
    }
    return {"config.yaml": yaml.safe_dump({**config, "spec": {**spec, "controlPlaneEndpoint": {"port": 6443}}})}


def kubekey4(users: tuple[str, str]) -> dict[str, str]:
    folder = SAMPLES / "kubekey4-keepalived"
    inventory = yaml.safe_load((folder / "inventory.yaml").read_text(encoding="utf-8"))
    for number, host in enumerate(inventory["spec"]["hosts"].values()):
        host["connector"] = {**host.get("connector", {}), "user": users[min(number, 1)] or None}
    return {
        "config.yaml": (folder / "config.yaml").read_text(encoding="utf-8"),
        "inventory.yaml": yaml.safe_dump(inventory),
    }


def applied(kkplan: Kkplan, folder: Path, files: dict[str, str], *options: str) -> tuple[str, dict[str, object]]:
    """The runbook, and the variables of the inventory."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ran = kkplan("apply", "config.yaml", *PAIR, *options, "--yes")
    assert ran.returncode == 0, ran.stderr
    inventory = yaml.safe_load((folder / "kkplan-out" / "ansible" / "inventory.yaml").read_text(encoding="utf-8"))
    return (folder / "kkplan-out" / "README.md").read_text(encoding="utf-8"), inventory["kkplan_lb"]["vars"]


def commands(runbook: str) -> list[str]:
    """Each command of the blocks of shell, those of a pipe and those over SSH by themselves."""
    blocks = re.findall(r"```sh\n(.*?)```", runbook, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line and line[0] != "#"]
    over_ssh = [re.sub(r"^ssh (?:-t )?\S+ ", "", line) for line in lines]
    return [part for line in over_ssh for part in (line.split(" | ") if "sha256sum" not in line else ())]


@pytest.mark.parametrize(("users", "expected"), USERS_OF_NODES.values(), ids=USERS_OF_NODES)
@pytest.mark.parametrize("files", [kubekey3, kubekey4])
def test_the_nodes_user_is_the_default(
    files: Files, users: tuple[str, str], expected: str, kkplan: Kkplan, tmp_path: Path
) -> None:
    text, variables = applied(kkplan, tmp_path, files(users))
    assert f"SSH to these servers as `{expected}`" in text
    assert f"{expected}@172.16.0.2 " in text
    assert variables["ansible_user"] == expected
    assert variables["ansible_become"] is (expected != "root")
    for user in users:
        assert user in ("", "root", expected, "ubuntu") or user not in text


def test_another_user_needs_sudo_for_what_root_does(kkplan: Kkplan, tmp_path: Path) -> None:
    text, variables = applied(kkplan, tmp_path, kubekey3(("ubuntu", "ubuntu")), "--ssh-user", "ops.Team_1")
    assert (variables["ansible_user"], variables["ansible_become"]) == ("ops.Team_1", True)
    assert "ssh -t ops.Team_1@172.16.0.2 sudo sh kkplan-lb/install.sh\n" in text
    assert "ssh ops.Team_1@172.16.0.2 ip -br addr show dev eth0\n" in text
    assert "ssh ubuntu@172.16.0.4 cat /etc/hosts > cp4.hosts\n" in text
    assert "root@" not in text
    found = {words[0]: words for words in map(shlex.split, commands(text)) if words[0] in NEEDS_ROOT}
    assert found == {}, found
    assert len([line for line in commands(text) if line.startswith("sudo ")]) > 40
    inline = [code for line in text.splitlines() if line.startswith("|") for code in re.findall("`([^`]+)`", line)]
    assert [code for code in inline if code.split()[0] in ("haproxy", "journalctl", "ss")] == []


def test_root_needs_no_sudo(kkplan: Kkplan, tmp_path: Path) -> None:
    text, variables = applied(kkplan, tmp_path, kubekey3(("root", "root")))
    assert (variables["ansible_user"], variables["ansible_become"]) == ("root", False)
    assert "ssh root@172.16.0.2 sh kkplan-lb/install.sh\n" in text
    assert [line for line in commands(text) if "sudo" in line] == ["sudo kkplan rehearse ."]


def test_root_for_the_lb_servers_and_another_user_on_the_nodes(kkplan: Kkplan, tmp_path: Path) -> None:
    text, _ = applied(kkplan, tmp_path, kubekey3(("ubuntu", "ubuntu")), "--ssh-user", "root")
    assert "ssh root@172.16.0.2 sh kkplan-lb/install.sh\n" in text
    assert "\nsudo systemctl restart kubelet\n" in text
    # Installers leave files there that only root reads, and -s hides that.
    assert "\nsudo grep -rs manage_etc_hosts " in text
    assert "\nsystemctl restart keepalived\n" in text


@pytest.mark.parametrize("user", ["", "a b", "-l", "ops@site", "a;b", "$(id)", "a" * 33, "1000"])
def test_a_wrong_user_is_refused(kkplan: Kkplan, config: Path, user: str) -> None:
    ran = kkplan("plan", config.name, *PAIR, "--ssh-user", user)
    assert ran.returncode == 64
    assert b"--ssh-user" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_in_an_answers_file(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    answers = {"mode": "keepalived", "address": "172.16.0.10", "lb": ["lb1=172.16.0.2", "lb2=172.16.0.3"]}
    (tmp_path / "answers.yaml").write_text(yaml.safe_dump({**answers, "ssh_user": "ops"}), encoding="utf-8")
    assert kkplan("apply", config.name, "--answers", "answers.yaml", "--yes").returncode == 0
    assert "ssh -t ops@172.16.0.3 sudo sh" in (tmp_path / "kkplan-out" / "README.md").read_text(encoding="utf-8")


def test_only_for_mode_keepalived(kkplan: Kkplan, config: Path) -> None:
    ran = kkplan("plan", config.name, "--mode", "internal-haproxy", "--ssh-user", "ops")
    assert ran.returncode == 64
    assert b"--ssh-user cannot be used with mode internal-haproxy" in ran.stderr
