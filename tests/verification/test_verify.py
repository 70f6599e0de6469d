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

from kkplan.lab.machine import Machine
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
def site(saved: Path, *domains: str) -> Iterator[PairLab]:
    """The planned machines; the API servers run, the LB servers' services do not."""
    from kkplan.plan.artifact import Artifact

    files = json.loads(saved.read_text(encoding="utf-8"))["files"]
    artifacts = tuple(Artifact(it["path"], it["content"], int(it["mode"], 8)) for it in files)
    with pair_lab(read_pair(artifacts, "ha.plan"), domains) as lab:
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
        # A machine that answers at no port still answers ARP.
        silent = lab.lbs["lb2"]
        silent.do("ip addr add 172.16.0.10/24 dev eth0")
        silent.do(
            "nft add table inet silence && nft 'add chain inet silence in { type filter hook input priority 0; policy drop; }'"
        )
        (seen,) = next(check for check in verify(lab, saved)[1]["checks"] if check["name"] == "endpoint-port")["seen"]
        assert seen["what"].startswith("a machine with the MAC address ")
        silent.do("nft delete table inet silence && ip addr del 172.16.0.10/24 dev eth0")
        lab.client.do("ip neigh flush all")
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
        # The stand-ins' certificate has the VIP and not the domain.
        assert (code, outcomes(data)) == (
            1,
            {"api-servers": ["ok"] * 5, "certificates": ["failed"] * 3, "endpoint-tls": ["ok"]},
        )
        whats = [seen["what"] for check in data["checks"] for seen in check["seen"]]
        assert "master2: the certificate is not valid for lb.kubesphere.local" in whats


@needs_lab
def test_everything_right_after_the_install_and_then_one_thing_after_the_other_wrong(saved: Path) -> None:
    with site(saved, "kubernetes", "lb.kubesphere.local") as lab:
        start_pair(lab)
        assert wait_until(lambda: verify(lab, saved, "--after-install")[0] == 0, BOUND)
        _, data = verify(lab, saved, "--after-install")
        # The stand-ins' certificates are valid for two days, which is soon over.
        assert outcomes(data) == {"api-servers": ["ok"] * 5, "certificates": ["warning"] * 3, "endpoint-tls": ["ok"]}
        assert data["ok"] is True
        lab.api_servers[0].be_unready()
        seen = verify(lab, saved, "--after-install")[1]["checks"][0]["seen"]
        assert [it["outcome"] for it in seen][:3] == ["failed", "ok", "ok"]
        assert seen[0]["what"] == "master1: /readyz answers 500: the API server is not ready"
        lab.api_servers[1].freeze()
        seen = verify(lab, saved, "--after-install")[1]["checks"][0]["seen"]
        assert [it["outcome"] for it in seen][:3] == ["failed", "failed", "ok"]
        assert seen[1]["target"] == "172.16.0.5:6443"
        lab.switch_off("lb2")

        def through_the_pair() -> list[tuple[str, str]]:
            seen = verify(lab, saved, "--after-install")[1]["checks"][0]["seen"]
            return [(it["what"].partition(" is ")[0], it["outcome"]) for it in seen[3:]]

        # HAProxy needs a moment to see that the other API servers are gone.
        expected = [("lb1: /readyz answers 200", "ok"), ("lb2: the port", "failed")]
        assert wait_until(lambda: through_the_pair() == expected, BOUND), through_the_pair()


@needs_lab
def test_a_saved_plan_alone_is_enough(saved: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "ha.plan"
    elsewhere.write_bytes(saved.read_bytes())
    config.unlink()
    with site(elsewhere) as lab:
        _, data = verify(lab, elsewhere)
        targets = [seen["target"] for check in data["checks"] for seen in check["seen"]]
    assert targets == [f"172.16.0.{n}:6443" for n in (2, 3, 10, 4, 5, 6)]


@needs_lab
def test_an_endpoint_that_is_a_dns_name(saved: Path, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """Resolved as on any machine: here by its /etc/hosts."""
    way = ["--mode", "cloud-lb", "--dns-name", "lb.example.com", "--out", "dns.plan"]
    assert kkplan("plan", config.name, *way).returncode == 0
    with site(saved, "lb.example.com") as lab:
        start_pair(lab)
        lab.client.write("/run/hosts", b"172.16.0.10 lb.example.com\n")
        lab.client.do("mount --bind /run/hosts /etc/hosts")
        assert wait_until(lambda: verify(lab, tmp_path / "dns.plan", "--after-install")[0] == 0, BOUND)
        _, data = verify(lab, tmp_path / "dns.plan", "--after-install")
    assert data["endpoint"] == {"address": "lb.example.com", "domain": "lb.example.com", "port": 6443}
    assert outcomes(data) == {"api-servers": ["ok"] * 3, "certificates": ["warning"] * 3, "endpoint-tls": ["ok"]}


@needs_lab
def test_kubekey_s_haproxy_on_the_workers(saved: Path, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """The client stands for a worker: HAProxy's health port as KubeKey configures it."""
    text = config.read_text(encoding="utf-8").replace("172.16.0.7", "127.0.0.1")
    config.write_text(text, encoding="utf-8")
    assert kkplan("plan", config.name, "--mode", "internal-haproxy", "--out", "in.plan").returncode == 0
    with site(saved, "lb.kubesphere.local") as lab:
        plan = tmp_path / "in.plan"
        before = outcomes(verify(lab, plan)[1])
        assert (before["workers-before"], before["endpoint-port"]) == (["ok", "failed", "failed"], ["skipped"])
        lab.client.write(
            "/run/haproxy.cfg",
            b"defaults\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n"
            b"frontend healthz\n  bind *:8081\n  mode http\n  monitor-uri /healthz\n",
        )
        lab.client.do("haproxy -D -f /run/haproxy.cfg >/run/log 2>&1")
        assert outcomes(verify(lab, plan)[1])["workers-before"] == ["failed"] * 3
        after = outcomes(verify(lab, plan, "--after-install")[1])
    assert after == {
        "workers-haproxy": ["ok", "failed", "failed"],
        "api-servers": ["ok"] * 3,
        "certificates": ["warning"] * 3,
    }


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
    assert data["watch"]["outages"][0]["failed"] == data["watch"]["failed"] > 0
    assert data["watch"]["asked"] == "port"
    times = data["watch"]["answerSeconds"]
    assert 0 < times["p50"] <= times["p99"] <= times["longest"] < 1


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
    assert "Answers came within" in written
    assert watching.returncode == 128 + signal.SIGINT
    assert "interrupted" in said


def test_an_endpoint_on_the_nodes_cannot_be_watched(kkplan: Kkplan, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_bytes((ROOT / "samples" / "internal-haproxy" / "after.yaml").read_bytes())
    refused = kkplan("verify", "c.yaml", "--watch", "5")
    assert refused.returncode == 64
    assert b"127.0.0.1 on each node" in refused.stderr


@needs_lab
def test_a_name_that_is_none_does_not_resolve(kkplan: Kkplan, config: Path) -> None:
    """On a machine without any network: nobody else's is knocked at."""
    assert kkplan("apply", config.name, "--mode", "cloud-lb", "--dns-name", "lb.example.com", "--yes").returncode == 0
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("lb.example.com", "a..example.com"), encoding="utf-8")
    with Machine() as machine:
        words = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "kkplan", "verify", str(config), "--timeout", "1"]
        seen = subprocess.run(machine.command(*words), capture_output=True, timeout=60, check=False)
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
