"""`kkplan verify` from a client's machine, against the machines of a rehearsal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kkplan.lab.pair import read_pair
from kkplan.lab.pair_lab import PairLab, pair_lab, wait_until
from kkplan.use.schemas import schema_problem
from tests.conftest import ROOT, Kkplan
from tests.rehearsal.conftest import needs_lab

BOUND = 15


@pytest.fixture
def saved(kkplan: Kkplan, config: Path, tmp_path: Path) -> Path:
    """A saved plan, and the files of its LB servers in kkplan-out."""
    way = ["--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3"]
    assert kkplan("plan", config.name, *way, "--out", "ha.plan").returncode == 0
    return tmp_path / "ha.plan"


@contextmanager
def site(saved: Path) -> Iterator[PairLab]:
    """The planned machines; the API servers run, the LB servers' services do not."""
    from kkplan.plan.artifact import Artifact

    files = json.loads(saved.read_text(encoding="utf-8"))["files"]
    artifacts = tuple(Artifact(it["path"], it["content"], int(it["mode"], 8)) for it in files)
    with pair_lab(read_pair(artifacts, "ha.plan")) as lab:
        yield lab


def start_pair(lab: PairLab) -> None:
    """Start both services everywhere; returns when the first server holds the VIP and requests are answered."""
    for server in lab.lbs.values():
        server.start_haproxy()
        server.start_keepalived()
        assert wait_until(lambda: lab.holders() != (), BOUND)
    states = [state for server in lab.lbs.values() for state in server.backend_states().values()]
    assert len(states) == 6
    reached = f": </dev/tcp/{lab.vip}/6443"
    assert wait_until(lambda: lab.client.run(reached)[0] == 0, BOUND)


def command(lab: PairLab, *arguments: object) -> list[str]:
    words = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "kkplan", "verify", *map(str, arguments)]
    return lab.client.command(*words)


def verify(lab: PairLab, *arguments: object) -> tuple[int, dict[str, Any]]:
    """Run it on the client's machine; the exit code, and what it printed as JSON by its schema."""
    ran = subprocess.run(
        command(lab, *arguments, "--timeout", 1, "--format", "json"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout, ran.stderr
    data: dict[str, Any] = json.loads(ran.stdout)
    assert schema_problem(data, "verification") is None
    return ran.returncode, data


def outcomes(data: dict[str, Any]) -> dict[str, list[str]]:
    return {check["name"]: [seen["outcome"] for seen in check["seen"]] for check in data["checks"]}


@needs_lab
def test_before_the_install(saved: Path) -> None:
    with site(saved) as lab:
        code, data = verify(lab, saved)
        # The API servers' stand-ins listen already, which is worth a look; the LB servers do not run yet.
        assert (code, outcomes(data)) == (
            1,
            {"lb-servers": ["failed"] * 2, "endpoint-port": ["ok"], "backends-before": ["warning"] * 3},
        )
        lab.client.do("ip addr add 172.16.0.10/24 dev eth0")  # a stranger has the VIP
        assert outcomes(verify(lab, saved)[1])["endpoint-port"] == ["failed"]
        lab.client.do("ip addr del 172.16.0.10/24 dev eth0")
        start_pair(lab)
        for server in lab.api_servers:
            server.kill()
        code, data = verify(lab, saved)
        everything_ok = {"lb-servers": ["ok"] * 2, "endpoint-port": ["ok"], "backends-before": ["ok"] * 3}
        assert (code, data["ok"], outcomes(data)) == (0, True, everything_ok)


@needs_lab
def test_after_the_install(saved: Path) -> None:
    with site(saved) as lab:
        start_pair(lab)
        assert wait_until(
            lambda: verify(lab, saved, "--after-install")[1]["checks"][0]["seen"][3]["outcome"] == "ok", BOUND
        )
        code, data = verify(lab, saved, "--after-install")
        assert outcomes(data)["api-servers"] == ["ok"] * 5
        # The stand-in's certificate has the VIP and not the domain.
        assert (code, outcomes(data)["endpoint-tls"]) == (1, ["ok", "failed", "ok"])
        whats = [seen["what"] for check in data["checks"] for seen in check["seen"]]
        assert "the certificate is not valid for lb.kubesphere.local" in whats
        lab.api_servers[1].freeze()
        seen = verify(lab, saved, "--after-install")[1]["checks"][0]["seen"]
        assert [it["outcome"] for it in seen][:3] == ["ok", "failed", "ok"]
        assert seen[1]["target"] == "172.16.0.5:6443"


@needs_lab
def test_a_watch_reports_the_outage_and_its_end(saved: Path) -> None:
    with site(saved) as lab:
        start_pair(lab)
        watching = subprocess.Popen(
            command(lab, saved, "--watch", 8, "--timeout", 1, "--format", "json"), stdout=subprocess.PIPE, text=True
        )
        assert wait_until(lambda: lab.client.run("pgrep -f 'verify.*watch'")[0] == 0, BOUND)
        time.sleep(2)  # some answers first
        # Nobody is left who could serve, and then one server is again.
        for server in lab.lbs.values():
            server.stop_haproxy()
        assert wait_until(lambda: lab.holders() == (), BOUND)
        for server in lab.lbs.values():
            server.start_haproxy()
        data = json.loads(watching.communicate(timeout=60)[0])
    assert data["watch"]["probes"] == 40
    assert [outage["ended"] for outage in data["watch"]["outages"]] == [True]
    assert data["watch"]["outages"][0]["failed"] > 0


@needs_lab
def test_an_interrupted_watch_still_tells_what_it_saw(saved: Path) -> None:
    with site(saved) as lab:
        start_pair(lab)
        watching = subprocess.Popen(
            command(lab, saved, "--watch", 600), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert watching.stdout is not None
        while "Control planes" not in watching.stdout.readline():
            pass
        assert wait_until(lambda: lab.client.run("sleep 1; pkill -INT -f 'watch 60[0]'")[0] == 0, BOUND)
        written, said = watching.communicate(timeout=30)
    assert "Watched for" in written
    assert watching.returncode == 128 + signal.SIGINT
    assert "interrupted" in said


def test_an_endpoint_on_the_nodes_cannot_be_watched(kkplan: Kkplan, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_bytes((ROOT / "samples" / "internal-haproxy" / "after.yaml").read_bytes())
    refused = kkplan("verify", "c.yaml", "--watch", "5")
    assert refused.returncode == 64
    assert b"127.0.0.1 on each node" in refused.stderr


def test_a_name_that_is_none_does_not_resolve(kkplan: Kkplan, config: Path) -> None:
    assert kkplan("apply", config.name, "--mode", "cloud-lb", "--dns-name", "lb.example.com", "--yes").returncode == 0
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("lb.example.com", "a..example.com"), encoding="utf-8")
    seen = kkplan("verify", config.name, "--timeout", "1")
    assert seen.returncode == 1
    assert b"the name does not resolve here" in seen.stdout


def test_no_control_plane(kkplan: Kkplan, config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.strip().startswith("- master")]
    config.write_text("".join(lines), encoding="utf-8")
    refused = kkplan("verify", config.name, "--after-install")
    assert refused.returncode == 1
    assert b"Traceback" not in refused.stderr


@pytest.mark.parametrize("option", [["--watch", "0"], ["--timeout", "99"], ["--format", "xml"]])
def test_wrong_options(kkplan: Kkplan, config: Path, option: list[str]) -> None:
    assert kkplan("verify", config.name, *option).returncode == 64
