"""`kkplan verify --hosts-file`: what a node's /etc/hosts says about the endpoint's domain."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kkplan.cluster.site import HostsEntry
from kkplan.lab.machine import Machine
from kkplan.verification.checks.hosts_files import addresses_of, judged
from tests.conftest import ROOT, Kkplan
from tests.rehearsal.conftest import needs_lab

DOMAIN = "lb.kubesphere.local"
LINE = f"172.16.0.10  {DOMAIN}\n"
CLOUD_INIT = "# Your system has configured 'manage_etc_hosts' as True.\n# a.) make changes to the master file in /etc/cloud/templates/hosts.debian.tmpl\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LINE, ["172.16.0.10"]),
        (f"1.1.1.1 a {DOMAIN.upper()}\n::1\t{DOMAIN}", ["1.1.1.1", "::1"]),  # names in any case, at any place
        (f"# {LINE}1.1.1.1 x # {DOMAIN}\n", []),
        (f"1.1.1.1 x.{DOMAIN} {DOMAIN}.\n\n \n{DOMAIN}\n", []),
    ],
)
def test_the_lines_of_the_domain(content: str, expected: list[str]) -> None:
    assert addresses_of(DOMAIN, content) == expected


@pytest.mark.parametrize(
    ("wanted", "content", "expected"),
    [
        (("172.16.0.10",), f"127.0.0.1 localhost\n{LINE}", [("ok", f"{DOMAIN} leads to 172.16.0.10")]),
        (("172.16.0.10",), "127.0.0.1 localhost\n", [("failed", f"no line for {DOMAIN}")]),
        (("127.0.0.1",), LINE, [("failed", f"{DOMAIN} leads to 172.16.0.10, not to 127.0.0.1")]),
        (
            ("172.16.0.10",),
            f"172.16.0.4 {DOMAIN}\n{LINE}",
            [("failed", f"{DOMAIN} leads to several addresses: 172.16.0.4, 172.16.0.10")],
        ),
        (("172.16.0.10",), LINE * 2, [("warning", f"2 lines for {DOMAIN}, all with 172.16.0.10")]),
        (("127.0.0.1", "::1"), f"127.0.0.1 {DOMAIN}\n0:0::1 {DOMAIN}\n", [("ok", f"{DOMAIN} leads to 127.0.0.1, 0:0::1")]),
        ((), "127.0.0.1 localhost\n", [("ok", f"no line for {DOMAIN}, as planned: DNS has to resolve it")]),
        ((), LINE, [("warning", f"{DOMAIN} leads to 172.16.0.10, which overrides DNS")]),
        (
            ("172.16.0.10",),
            CLOUD_INIT + LINE,
            [
                ("ok", f"{DOMAIN} leads to 172.16.0.10"),
                ("warning", "cloud-init wrote this file, and writes it again at each boot, without the line that kk adds"),
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_file_says(wanted: tuple[str, ...], content: str, expected: list[tuple[str, str]]) -> None:
    seen = list(judged(HostsEntry("node1", wanted), DOMAIN, content))
    assert [(found.outcome.value, found.what.english) for found in seen] == expected
    assert all((found.advice is None) is (found.outcome.value == "ok") for found in seen)


@needs_lab
@pytest.mark.parametrize("way", [("--mode", "internal-haproxy"), ("--mode", "cloud-lb", "--address", "172.16.0.10")])
def test_from_a_config_and_from_a_plan(way: tuple[str, ...], kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """On a machine without any network: nobody else's is knocked at."""
    assert kkplan("plan", config.name, *way, "--out", "ha.plan").returncode == 0
    assert kkplan("apply", config.name, *way, "--yes").returncode == 0
    (tmp_path / "right").write_text(LINE if "cloud-lb" in way else f"127.0.0.1 {DOMAIN}\n", encoding="utf-8")
    (tmp_path / "wrong").write_text(f"172.16.0.4 {DOMAIN}\n", encoding="utf-8")
    files = ("--hosts-file", f"master1={tmp_path / 'right'}", "--hosts-file", f"node1={tmp_path / 'wrong'}")

    def outcomes(target: Path) -> list[tuple[str, str]]:
        words = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "kkplan", "verify", str(target), "--after-install"]
        words += [*files, "--timeout", "1", "--format", "json"]
        ran = subprocess.run(machine.command(*words), capture_output=True, timeout=60, check=False)
        data: dict[str, Any] = json.loads(ran.stdout)
        seen = next(check["seen"] for check in data["checks"] if check["name"] == "hosts-files")
        return [(one["target"], one["outcome"]) for one in seen]

    with Machine() as machine:
        expected = [("master1", "ok"), ("node1", "failed")]
        assert [outcomes(config), outcomes(tmp_path / "ha.plan")] == [expected, expected]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--hosts-file", "master1=x"], b"--hosts-file needs --after-install"),
        (["--after-install", "--hosts-file", "master1"], b"takes NODE=FILE"),
        (["--after-install", "--hosts-file", "=x"], b"takes NODE=FILE"),
        (["--after-install", "--hosts-file", "mastr1=x"], b"no node is named mastr1. Did you mean master1?"),
        (["--after-install", "--hosts-file", "master1=x", "--hosts-file", "master1=x"], b"given twice"),
    ],
)
def test_wrong_words(words: list[str], problem: bytes, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(LINE, encoding="utf-8")
    refused = kkplan("verify", config.name, *words)
    assert (refused.returncode, problem in refused.stderr) == (64, True), refused.stderr


def test_a_folder_does_not_know_the_nodes(kkplan: Kkplan, tmp_path: Path) -> None:
    folder = ROOT / "samples" / "keepalived" / "kkplan-out"
    (tmp_path / "x").write_text(LINE, encoding="utf-8")
    refused = kkplan("verify", str(folder), "--after-install", "--hosts-file", "master1=x")
    assert (refused.returncode, b"does not name the nodes" in refused.stderr) == (1, True), refused.stderr
