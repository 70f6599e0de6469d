"""Each command with an inventory of each kind: beside the config, named, named in its place, missing, and wrong ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.test_wizard import Terminal
from tests.conftest import Kkplan
from tests.rules.conftest import config_text
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT

MODE = ("--mode", "cloud-lb", "--address", "10.0.0.100")
PAIR = (
    *("--mode", "keepalived", "--address", "10.0.0.100/24"),
    *("--lb", "lb1=10.0.0.31,nic=eth0", "--lb", "lb2=10.0.0.32,nic=eth0"),
)
SECRET = "Zq9xSEKRIT7w"
WITH_SECRET = INVENTORY_TEXT.replace("host: 10.0.0.11}", f"host: 10.0.0.11, password: {SECRET}}}")


class Right(NamedTuple):
    """A pair of files and the words that name it."""

    files: dict[str, str]
    words: tuple[str, ...]


RIGHT = {
    "beside the config": Right({"config.yaml": CONFIG_TEXT, "inventory.yaml": WITH_SECRET}, ("config.yaml",)),
    "named by the option": Right(
        {"config.yaml": CONFIG_TEXT, "sites/hosts.yml": WITH_SECRET}, ("config.yaml", "--inventory", "sites/hosts.yml")
    ),
    "named in the config's place": Right(
        {"config.yaml": CONFIG_TEXT, "inventory.yaml": WITH_SECRET}, ("inventory.yaml",)
    ),
    "in JSON": Right(
        {
            "config.yaml": CONFIG_TEXT,
            "hosts.json": json.dumps(
                {
                    "apiVersion": "kubekey.kubesphere.io/v1",
                    "kind": "Inventory",
                    "spec": {
                        "hosts": {
                            f"cp{number}": {"internal_ipv4": f"10.0.0.1{number}", "connector": {"password": SECRET}}
                            for number in (1, 2, 3)
                        },
                        "groups": {
                            "k8s_cluster": {"groups": ["kube_control_plane", "kube_worker"]},
                            "kube_control_plane": {"hosts": ["cp1", "cp2", "cp3"]},
                            "kube_worker": {"hosts": ["cp1"]},
                            "etcd": {"hosts": ["cp1", "cp2", "cp3"]},
                        },
                    },
                }
            ),
        },
        ("config.yaml", "--inventory", "hosts.json"),
    ),
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)


@pytest.fixture(params=RIGHT)
def right(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, ...]:
    pair = RIGHT[request.param]
    write(tmp_path, pair.files)
    return pair.words


def test_there_and_back(right: tuple[str, ...], kkplan: Kkplan, tmp_path: Path) -> None:
    """show, check, plan, review, apply and restore have the hosts of the inventory, and write the config only."""
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    outputs = []

    def run(code: int, *words: str) -> str:
        done = kkplan(*words)
        assert done.returncode == code, done.stderr
        outputs.append(done.stdout + done.stderr)
        return done.stdout.decode()

    assert json.loads(run(0, "show", *right, "--format", "json"))["controlPlanes"] == ["cp1", "cp2", "cp3"]
    assert "errors: 0, warnings: 0" in run(0, "check", *right)
    run(0, "plan", *right, *PAIR, "--out", "ha.plan")
    run(0, "review", "ha.plan", "--out", "review.html")
    outputs.append((tmp_path / "ha.plan").read_bytes() + (tmp_path / "review.html").read_bytes())
    assert "cp1" in (tmp_path / "review.html").read_text()
    run(0, "apply", "ha.plan", "--yes")
    assert [path.name for path, data in files.items() if path.read_bytes() != data] == ["config.yaml"]
    run(0, "apply", *right, *PAIR, "--yes")
    run(0, "restore", "config.yaml", *right[1:], "--yes")
    assert {path: path.read_bytes() for path in files} == files
    assert not any(SECRET.encode() in output for output in outputs)


def test_the_wizard(right: tuple[str, ...], tmp_path: Path) -> None:
    """It has the hosts of the inventory, and names the files in the command that it shows at the end."""
    terminal = Terminal(tmp_path, "wizard", *right, *MODE)
    terminal.sees("3 control planes")
    terminal.child.close(force=True)


def test_the_wizard_offers_the_usual_config(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, RIGHT["beside the config"].files)
    terminal = Terminal(tmp_path, "wizard")
    terminal.sees("config.yaml")
    terminal.types("\r")
    terminal.sees("3 control planes")
    terminal.child.close(force=True)


class Wrong(NamedTuple):
    """What is in the place of the inventory, and what kkplan says of it; no text: a folder."""

    make: Callable[[Path], object]
    said: str


WRONG = {
    "missing": Wrong(lambda path: None, "no such file. Check the name after --inventory"),
    "a folder": Wrong(lambda path: path.mkdir(), "this is a folder; --inventory needs a file"),
    "a pipe": Wrong(os.mkfifo, "not a regular file"),
    "a link to nothing": Wrong(lambda path: path.symlink_to("nowhere"), "no such file"),
    "empty": Wrong(lambda path: path.write_text(""), "the file is empty"),
    "no YAML": Wrong(lambda path: path.write_text("kind: Inventory\nspec: [\n"), "invalid YAML"),
    "no UTF-8": Wrong(lambda path: path.write_bytes(b"\xff\xfe\xfd"), "UTF"),
    "the config": Wrong(lambda path: path.symlink_to("config.yaml"), "names the same file as the config"),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file(kind: str, kkplan: Kkplan, tmp_path: Path) -> None:
    """Every command names it, says what is wrong, and writes nothing."""
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT)
    WRONG[kind].make(tmp_path / "hosts.yaml")
    before = sorted(tmp_path.iterdir())
    for command in (("show",), ("check",), ("plan", *MODE, "--out", "x.plan"), ("apply", *MODE, "--yes"), ("verify",)):
        done = kkplan(command[0], "config.yaml", "--inventory", "hosts.yaml", *command[1:])
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == (64 if kind == "the config" else 1), said
        assert WRONG[kind].said in said
        assert "hosts.yaml" in said
        assert "Traceback" not in said
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "config.yaml").read_text() == CONFIG_TEXT


@pytest.mark.parametrize("words", [("--inventory", "inventory.yaml"), ()], ids=["named", "beside"])
def test_an_unreadable_file(words: tuple[str, ...], tmp_path: Path) -> None:
    """Not left alone where nobody named it: it may be the inventory."""
    write(tmp_path, {"config.yaml": CONFIG_TEXT, "inventory.yaml": INVENTORY_TEXT})
    (tmp_path / "inventory.yaml").chmod(0)
    as_others = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    for command in (("show",), ("check",), ("apply", *MODE, "--yes")):
        done = subprocess.run(
            [*as_others, sys.executable, "-m", "kkplan", command[0], "config.yaml", *words, *command[1:]],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, b"inventory.yaml: " in done.stdout + done.stderr) == (1, True)
        assert b"no permission to read it" in done.stdout + done.stderr


OTHERS = {
    "KubeKey 3's config": config_text(),
    "comments": "# 主机\n",
    "a list": "- cp1\n",
    "a config": CONFIG_TEXT,
    "without hosts": "apiVersion: kubekey.kubesphere.io/v1\nkind: Inventory\n",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", OTHERS)
def test_another_file(kind: str, kkplan: Kkplan, tmp_path: Path) -> None:
    """kk would read it: check has an error at its place, and no plan is applied."""
    write(tmp_path, {"config.yaml": CONFIG_TEXT, "hosts.yaml": OTHERS[kind]})
    words = ("config.yaml", "--inventory", "hosts.yaml")
    found = json.loads(kkplan("check", *words, "--format", "json").stdout)["files"][0]["findings"]
    assert {one["file"] for one in found if one["severity"] == "error"} == {"hosts.yaml"}
    done = kkplan("apply", *words, *MODE, "--yes")
    assert (done.returncode, b"hosts.yaml:" in done.stderr) == (1, True)
    assert kkplan("show", *words).returncode == 0
    assert (tmp_path / "config.yaml").read_text() == CONFIG_TEXT


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", ["", *OTHERS.values()], ids=["a folder", *OTHERS])
def test_another_file_that_nobody_named(text: str, kkplan: Kkplan, tmp_path: Path) -> None:
    """What has the usual name by chance is left alone; an inventory without hosts is one."""
    write(tmp_path, {"config.yaml": CONFIG_TEXT})
    if text:
        (tmp_path / "inventory.yaml").write_text(text)
    else:
        (tmp_path / "inventory.yaml").mkdir()
    done = kkplan("show", "config.yaml")
    assert done.returncode == 0, done.stderr
    assert (b"no inventory" in done.stdout) is (text != OTHERS["without hosts"])


def test_an_inventory_in_the_config_s_place_is_not_edited(kkplan: Kkplan, tmp_path: Path) -> None:
    """kk would take it for one: the edit would go into the wrong file."""
    write(tmp_path, {"a.yaml": INVENTORY_TEXT, "b.yaml": INVENTORY_TEXT})
    done = kkplan("apply", "a.yaml", "--inventory", "b.yaml", *MODE, "--yes")
    assert (done.returncode, b"a.yaml: this is an inventory, not a config" in done.stderr) == (1, True)
    assert (tmp_path / "a.yaml").read_text() == INVENTORY_TEXT


@pytest.mark.parametrize("words", [("-", "--inventory", "-"), ("hosts.yaml", "--inventory", "./hosts.yaml")])
def test_one_file_named_twice(words: tuple[str, ...], kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, {"hosts.yaml": INVENTORY_TEXT})
    for command in (("show",), ("check",), ("apply", *MODE, "--yes")):
        done = kkplan(command[0], *words, *command[1:], stdin=CONFIG_TEXT.encode())
        assert (done.returncode, b"--inventory names the same file as the config" in done.stderr) == (64, True)
    assert (tmp_path / "hosts.yaml").read_text() == INVENTORY_TEXT


def test_restore_names_the_config(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, RIGHT["beside the config"].files)
    kkplan("apply", "inventory.yaml", *MODE, "--yes")
    done = kkplan("restore", "inventory.yaml", "--yes")
    assert (done.returncode, b"kkplan restore config.yaml" in done.stderr) == (1, True)
    assert kkplan("restore", "config.yaml", "--yes").returncode == 0


def _into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (lambda path: path.unlink(), "inventory.yaml, which does not exist"),
    "a folder": (_into_a_folder, "inventory.yaml: this is a folder"),
    "empty": (lambda path: path.write_text(""), "inventory.yaml: the file is empty"),
    "changed": (
        lambda path: path.write_text(INVENTORY_TEXT.replace("10.0.0.15", "10.0.0.16")),
        "inventory.yaml:11: the file has changed",
    ),
    "another": (lambda path: path.write_text(config_text()), "inventory.yaml:1: the file has changed"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_saved_plan_whose_inventory_is_another(kind: str, kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, {"config.yaml": CONFIG_TEXT, "inventory.yaml": INVENTORY_TEXT})
    assert kkplan("plan", "config.yaml", *PAIR, "--out", "ha.plan").returncode == 0
    change, said = CHANGED[kind]
    change(tmp_path / "inventory.yaml")
    for command in (("apply", "ha.plan", "--yes"), ("review", "ha.plan", "--out", "r.html"), ("rehearse", "ha.plan")):
        done = kkplan(*command)
        assert (done.returncode, said in done.stderr.decode()) == (1, True), done.stderr
    assert not (tmp_path / "r.html").exists()
    assert (tmp_path / "config.yaml").read_text() == CONFIG_TEXT


def test_a_saved_plan_without_the_inventory_that_came_later(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, {"config.yaml": CONFIG_TEXT})
    assert kkplan("plan", "config.yaml", *MODE, "--out", "ha.plan").returncode == 0
    write(tmp_path, {"inventory.yaml": INVENTORY_TEXT})
    done = kkplan("apply", "ha.plan", "--yes")
    assert (done.returncode, b"the plan was made without this file" in done.stderr) == (1, True)
