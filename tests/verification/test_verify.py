"""`kkplan verify` from a client's machine, against the machines of a rehearsal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kkplan.cli.verify import site_of_pair
from kkplan.disk.bundle_files import read_bundle_files
from kkplan.lab.machine import Machine
from kkplan.lab.pair import read_pair
from kkplan.lab.pair_lab import ApiServer, PairLab, pair_lab, wait_until
from kkplan.lab.program import command_of
from kkplan.use.schemas import schema_problem
from tests.conftest import ROOT, Kkplan
from tests.rehearsal.conftest import HAND_MADE, needs_lab

BOUND = 15


PAIR = ["--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3"]


@pytest.fixture
def saved(kkplan: Kkplan, config: Path, tmp_path: Path) -> Path:
    """A saved plan, and the files of its LB servers in kkplan-out."""
    assert kkplan("plan", config.name, *PAIR, "--out", "ha.plan").returncode == 0
    return tmp_path / "ha.plan"


def test_lb_servers_that_no_file_addresses_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The made-up addresses of a rehearsal are of no machine."""
    found = site_of_pair(read_pair(read_bundle_files(HAND_MADE), "mine"))
    assert (found.address, found.port, found.lb_servers) == ("10.20.0.100", 8443, ())
    assert "do not name the addresses of lb1, lb2" in " ".join(capsys.readouterr().err.split())


@contextmanager
def site(saved: Path, *domains: str) -> Iterator[PairLab]:
    """The planned machines; the API servers run, the LB servers' services do not."""
    from kkplan.plan.artifact import Artifact

    files = json.loads(saved.read_text(encoding="utf-8"))["files"]
    artifacts = tuple(Artifact(it["path"], it["content"], int(it["mode"], 8)) for it in files)
    with pair_lab(read_pair(artifacts, "ha.plan"), domains) as lab:
        yield lab


class CertificateAuthority:
    """A CA of openssl's, as kubeadm makes one for each cluster."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder / name
        self._folder.mkdir()
        self._run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=kubernetes -keyout ca.key -out ca.crt"
        )

    def issue(self, names: str) -> bytes:
        """A certificate for these names (subjectAltName, as openssl writes it) with its key, valid for a year (PEM)."""
        self._run(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=kube-apiserver -keyout one.key -out one.csr"
        )
        (self._folder / "names").write_text(f"subjectAltName={names}\nauthorityKeyIdentifier=keyid\n", encoding="ascii")
        self._run(
            "x509 -req -in one.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile names -out one.crt"
        )
        return (self._folder / "one.crt").read_bytes() + (self._folder / "one.key").read_bytes()

    def _run(self, arguments: str) -> None:
        subprocess.run(["openssl", *arguments.split()], cwd=self._folder, check=True, capture_output=True)


def restart_with(server: ApiServer, certificate: bytes) -> None:
    """Start the API server anew with another certificate."""
    server.kill()
    server.write("/run/api-server.pem", certificate, 0o600)
    server.start()


def start_pair(lab: PairLab) -> None:
    """Start both services everywhere; returns when the first server holds the VIP and requests are answered."""
    for server in lab.lbs.values():
        server.start_haproxy()
        server.start_keepalived()
        assert wait_until(lambda: lab.holders() != (), BOUND)
    states = [state for server in lab.lbs.values() for state in server.backend_states().values()]
    assert len(states) == 6
    reached = f": </dev/tcp/{lab.vip}/6443"
    assert wait_until(lambda: lab.client.run("bash", "-c", reached)[0] == 0, BOUND)


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


def whats(data: dict[str, Any], check: str) -> list[str]:
    """What a check saw, in words."""
    return [seen["what"] for it in data["checks"] if it["name"] == check for seen in it["seen"]]


@needs_lab
def test_before_the_install(saved: Path) -> None:
    with site(saved) as lab:
        code, data = verify(lab, saved)
        # The API servers' stand-ins listen already, which is worth a look; the LB servers do not run yet.
        assert (code, outcomes(data)) == (
            1,
            {"lb-servers": ["failed"] * 2, "endpoint-port": ["ok"], "backends-before": ["warning"] * 3},
        )
        assert whats(data, "endpoint-port") == [
            "the VIP is free: no machine in this network answers for it (checked by ARP)"
        ]
        start_pair(lab)
        for server in lab.api_servers:
            server.kill()
        code, data = verify(lab, saved)
        everything_ok = {"lb-servers": ["ok"] * 2, "endpoint-port": ["ok"], "backends-before": ["ok"] * 3}
        assert (code, data["ok"], outcomes(data)) == (0, True, everything_ok)
        assert whats(data, "endpoint-port") == [
            "lb1 holds the VIP (checked by ARP), and its port accepts connections (TCP)"
        ]


@needs_lab
def test_a_stranger_with_the_vip(saved: Path) -> None:
    def endpoint(lab: PairLab) -> str:
        data = verify(lab, saved)[1]
        assert outcomes(data)["endpoint-port"] == ["failed"]
        return whats(data, "endpoint-port")[0]

    with site(saved) as lab:
        lab.client.do("ip", "addr", "add", "172.16.0.10/24", "dev", "eth0")
        assert endpoint(lab) == "this machine itself has the VIP, though no LB server's port is open"
        lab.client.do("ip", "addr", "del", "172.16.0.10/24", "dev", "eth0")
        # An API server: its port is the very one that an LB server would listen at.
        stranger = lab.api_servers[0]
        stranger.do("ip", "addr", "add", "172.16.0.10/24", "dev", "eth0")
        mac = stranger.do("ip", "-brief", "link", "show", "eth0").split()[2]
        assert (
            endpoint(lab)
            == f"another machine has the VIP: the MAC address {mac} does not belong to lb1, lb2 (checked by ARP)"
        )
        for server in lab.lbs.values():
            server.start_haproxy()
        assert (
            endpoint(lab)
            == f"another machine has the VIP: the MAC address {mac} does not belong to lb1, lb2 (checked by ARP)"
        )
        for server in lab.lbs.values():
            server.stop_haproxy()
        stranger.do("ip", "addr", "del", "172.16.0.10/24", "dev", "eth0")
        # A machine that answers at no port still answers ARP.
        silent = lab.lbs["lb2"]
        silent.do("ip", "addr", "add", "172.16.0.10/24", "dev", "eth0")
        drop = "{ type filter hook input priority 0; policy drop; }"
        silent.do("nft", "add table inet silence")
        silent.do("nft", f"add chain inet silence in {drop}")
        lab.client.do("ip", "neigh", "flush", "all")
        assert endpoint(lab) == "lb2 has the VIP (checked by ARP), though no LB server's port is open"


@needs_lab
def test_from_another_network_the_vip_is_judged_by_tcp(saved: Path) -> None:
    with site(saved) as lab:
        lab.client.do("ip", "route", "add", "172.16.0.10/32", "via", "172.16.0.3")
        (seen,) = whats(verify(lab, saved)[1], "endpoint-port")
    assert seen.startswith(
        "no port answers at the VIP (checked by TCP only: to be sure, run this on a machine in the VIP's subnet"
    )


@needs_lab
def test_after_the_install(saved: Path, tmp_path: Path) -> None:
    """Everything right, each API server with a certificate of its own, as kubeadm makes them."""
    authority = CertificateAuthority(tmp_path, "cluster")
    names = "DNS:kubernetes,DNS:lb.kubesphere.local,IP:172.16.0.10,IP:{}"
    with site(saved) as lab:
        for server in lab.api_servers:
            restart_with(server, authority.issue(names.format(server.backend.address)))
        start_pair(lab)
        assert wait_until(lambda: verify(lab, saved, "--after-install")[0] == 0, 4 * BOUND)
        code, data = verify(lab, saved, "--after-install", "--watch", 1)
        assert (code, data["ok"], outcomes(data)) == (
            0,
            True,
            {"api-servers": ["ok"] * 3, "endpoint-tls": ["ok"] * 6, "certificates": ["ok"] * 5},
        )
        assert (data["watch"]["asked"], data["watch"]["probes"]) == ("readyz", 5)
        reached = [f"{way}: requests reached master1, master2, master3" for way in ("endpoint", "lb1", "lb2")]
        assert whats(data, "endpoint-tls")[1::2] == reached
        said = whats(data, "certificates")
        assert said[1].startswith("master2: the certificate is valid for lb.kubesphere.local, 172.16.0.10 until 20")
        assert said[4].startswith("all 3 are signed by the same CA: kubernetes (")


@needs_lab
def test_wrong_certificates(saved: Path, tmp_path: Path) -> None:
    """One lacks the domain, one is another cluster's; the endpoint, which shows only one of them, hides that."""
    own, other = CertificateAuthority(tmp_path, "own"), CertificateAuthority(tmp_path, "other")
    domain, address = "DNS:lb.kubesphere.local", "IP:172.16.0.10"
    with site(saved) as lab:
        for server, certificate in zip(
            lab.api_servers,
            (own.issue(f"{domain},{address}"), own.issue(address), other.issue(f"{domain},{address}")),
            strict=True,
        ):
            restart_with(server, certificate)
        code, data = verify(lab, saved, "--after-install")
        said = whats(data, "certificates")
        assert (code, outcomes(data)["certificates"]) == (1, ["ok", "failed", "ok", "skipped", "failed"])
        assert said[1] == "master2: the certificate is not valid for lb.kubesphere.local"
        assert said[3] == "endpoint: presents no certificate, so it cannot be checked"
        assert said[4].startswith("the certificates are signed by different CAs. master1, master2: kubernetes (")


@needs_lab
def test_one_thing_after_the_other_goes_wrong(saved: Path) -> None:
    with site(saved, "lb.kubesphere.local") as lab:
        start_pair(lab)
        assert wait_until(lambda: verify(lab, saved, "--after-install")[0] == 0, BOUND)
        lab.api_servers[0].be_unready()
        data = verify(lab, saved, "--after-install")[1]
        assert outcomes(data)["api-servers"] == ["failed", "ok", "ok"]
        assert whats(data, "api-servers")[0] == "master1: /readyz answers 500"
        lab.api_servers[1].freeze()
        data = verify(lab, saved, "--after-install")[1]
        assert outcomes(data)["api-servers"] == ["failed", "failed", "ok"]
        assert "master2: the port is open, but there is no answer" in whats(data, "api-servers")[1]
        lab.switch_off("lb2")

        def ways() -> list[str]:
            return outcomes(verify(lab, saved, "--after-install")[1])["endpoint-tls"]

        # HAProxy needs a moment to see that the other API servers are gone.
        assert wait_until(lambda: ways() == ["ok", "ok", "failed"], BOUND), ways()


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
def test_a_folder_of_lb_files_is_enough(saved: Path, kkplan: Kkplan, tmp_path: Path) -> None:
    assert kkplan("apply", saved.name, "--yes").returncode == 0
    with site(saved) as lab:
        start_pair(lab)
        servers = lab.lbs.values()
        assert wait_until(lambda: all(set(server.backend_states().values()) == {"UP"} for server in servers), BOUND)
        _, before = verify(lab, tmp_path / "kkplan-out")
        code, after = verify(lab, tmp_path / "kkplan-out", "--after-install")
    assert outcomes(before)["lb-servers"] == ["ok", "ok"]
    assert before["endpoint"] == {"address": "172.16.0.10", "domain": "", "port": 6443}
    assert outcomes(after)["endpoint-tls"] == ["ok"] * 3
    assert (code, after["ok"]) == (0, True)
    assert [what.partition(" until")[0] for what in whats(after, "certificates")][3:4] == [
        "endpoint: the certificate is valid for 172.16.0.10"
    ]


@needs_lab
def test_the_guides_pair(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """`--lb-files guide` names the API servers otherwise, and has no health port; by the plan and by its folder."""
    plan, folder = tmp_path / "ha.plan", tmp_path / "kkplan-out"
    assert kkplan("plan", config.name, *PAIR, "--lb-files", "guide", "--out", plan.name).returncode == 0
    assert kkplan("apply", plan.name, "--yes").returncode == 0
    assert not (folder / "lb1" / "check-haproxy.sh").exists()
    # The guide's health check runs every 10 s, so an API server counts as up from the start.
    all_ok = {"api-servers": ["ok"] * 3, "endpoint-tls": ["ok"] * 3, "certificates": ["ok"] * 5}
    with site(plan, "lb.kubesphere.local") as lab:
        start_pair(lab)
        for target, names in (
            (plan, "master1, master2, master3"),
            (folder, "kube-apiserver-1, kube-apiserver-2, kube-apiserver-3"),
        ):
            code, data = verify(lab, target, "--after-install")
            assert (code, outcomes(data)) == (0, all_ok)
            assert whats(data, "api-servers") == [f"{name}: /readyz answers 200" for name in names.split(", ")]
            assert outcomes(verify(lab, target)[1])["lb-servers"] == ["ok"] * 2
        # HAProxy ends on the holder; the other server takes the VIP.
        (holder,) = lab.holders()
        lab.lbs[holder].stop_haproxy()
        assert wait_until(lambda: lab.holders() not in ((), (holder,)), BOUND)
        seen = ["failed" if name == holder else "ok" for name in ("lb1", "lb2")]
        for target in (plan, folder):
            code, data = verify(lab, target, "--after-install")
            assert (code, outcomes(data)) == (1, {**all_ok, "endpoint-tls": ["ok", *seen]})
            data = verify(lab, target)[1]
            assert (outcomes(data)["lb-servers"], outcomes(data)["endpoint-port"]) == (seen, ["ok"])


def test_a_folder_without_a_pair(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused = kkplan("verify", "empty")
    assert (refused.returncode, b"a pair needs at least two LB servers" in refused.stderr) == (1, True)


@needs_lab
def test_a_saved_plan_and_a_config_that_has_changed(saved: Path, kkplan: Kkplan, config: Path) -> None:
    """On a machine without any network: nobody else's is knocked at."""

    def run(name: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        words = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "kkplan", "verify", name, "--timeout", "1"]
        return subprocess.run(machine.command(*words), input=stdin, capture_output=True, timeout=60, check=False)

    with Machine() as machine:
        assert run(str(saved)).stderr == b""
        assert kkplan("apply", saved.name, "--yes").returncode == 0
        assert run(str(saved)).stderr == b""
        config.write_bytes(config.read_bytes().replace(b"172.16.0.4", b"172.16.0.44"))
        seen = run(str(saved))
        assert b"config-sample.yaml differ from the plan" in seen.stderr
        assert b" 172.16.0.4:6443 " in seen.stdout
        seen = run("-", saved.read_bytes())
        assert (seen.stderr, b" 172.16.0.4:6443 " in seen.stdout) == (b"", True)


def test_a_plan_of_standard_input_needs_it_no_more(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    planned = kkplan("plan", "-", "--mode", "internal-haproxy", "--out", "in.plan", stdin=config.read_bytes())
    assert planned.returncode == 0, planned.stderr
    plan = json.loads((tmp_path / "in.plan").read_text(encoding="utf-8"))
    assert [it["name"] for it in plan["site"]["controlPlanes"]] == ["master1", "master2", "master3"]
    refused = kkplan("verify", "in.plan", "--watch", "5")  # read, and then refused without a single probe
    assert b"127.0.0.1 on each node" in refused.stderr


def test_a_plan_with_an_address_that_is_none(saved: Path, kkplan: Kkplan) -> None:
    plan = json.loads(saved.read_text(encoding="utf-8"))
    plan["site"]["controlPlanes"][0]["address"] = "nowhere"
    saved.write_text(json.dumps(plan), encoding="utf-8")
    refused = kkplan("verify", saved.name)
    assert (refused.returncode, b"ha.plan: master1's address nowhere is not an IP address" in refused.stderr) == (
        1,
        True,
    )


def test_a_port_that_is_none(kkplan: Kkplan, config: Path) -> None:
    assert kkplan("apply", config.name, "--mode", "cloud-lb", "--address", "172.16.0.10", "--yes").returncode == 0
    config.write_text(config.read_text(encoding="utf-8").replace("port: 6443", "port: 70000"), encoding="utf-8")
    refused = kkplan("verify", config.name)
    assert (refused.returncode, b"invalid endpoint port 70000" in refused.stderr) == (1, True)


@needs_lab
def test_an_endpoint_that_is_a_dns_name(saved: Path, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """Resolved as on any machine: here by its /etc/hosts."""
    way = ["--mode", "cloud-lb", "--dns-name", "lb.example.com", "--out", "dns.plan"]
    assert kkplan("plan", config.name, *way).returncode == 0
    with site(saved, "lb.example.com") as lab:
        start_pair(lab)
        lab.client.write("/run/hosts", b"172.16.0.10 lb.example.com\n")
        lab.client.do("mount", "--bind", "/run/hosts", "/etc/hosts")
        assert wait_until(lambda: verify(lab, tmp_path / "dns.plan", "--after-install")[0] == 0, BOUND)
        _, data = verify(lab, tmp_path / "dns.plan", "--after-install")
        assert data["endpoint"] == {"address": "lb.example.com", "domain": "lb.example.com", "port": 6443}
        assert outcomes(data) == {"api-servers": ["ok"] * 3, "endpoint-tls": ["ok"], "certificates": ["ok"] * 5}
        # The name leads to someone else now, who ends TLS: here a server on the client's machine.
        stranger = CertificateAuthority(tmp_path, "stranger").issue("DNS:lb.example.com")
        lab.client.write("/run/stranger.pem", stranger)
        lab.client.launch(*command_of("api_server", "stranger", "6443", "/run/stranger.pem"))
        lab.client.write("/run/hosts", b"127.0.0.1 lb.example.com\n")
        assert wait_until(lambda: lab.client.run("bash", "-c", ": </dev/tcp/127.0.0.1/6443")[0] == 0, BOUND)
        code, data = verify(lab, tmp_path / "dns.plan", "--after-install")
        assert (code, outcomes(data)["certificates"]) == (1, ["ok"] * 5 + ["failed"])
        assert "signed by kubernetes (" in whats(data, "certificates")[-1]


# What matters of KubeKey v3.1.8's: where it listens (cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go).
KUBEKEYS_HAPROXY = b"""
defaults
  timeout connect 1s
  timeout client 9s
  timeout server 9s
frontend health
  bind *:8081
  mode http
  monitor-uri /healthz
listen api
  bind 127.0.0.1:6443
  mode tcp
  server master1 172.16.0.4:6443
"""


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
        lab.client.write("/run/haproxy.cfg", KUBEKEYS_HAPROXY)
        assert lab.client.run("haproxy", "-D", "-f", "/run/haproxy.cfg", log="haproxy")[0] == 0
        assert outcomes(verify(lab, plan)[1])["workers-before"] == ["failed"] * 3
        data = verify(lab, plan, "--after-install")[1]
    assert outcomes(data) == {
        "workers-haproxy": ["ok", "failed", "failed", "ok"],
        "api-servers": ["ok"] * 3,
        "endpoint-tls": ["skipped"],
        "certificates": ["ok"] * 4,
    }
    assert whats(data, "workers-haproxy")[3].endswith(", which is this machine: /readyz answers 200")


def connections(lab: PairLab) -> int:
    """How many TCP connections the client's machine has begun so far."""
    head, values = [line.split() for line in lab.client.do("grep", "^Tcp:", "/proc/net/snmp").splitlines()]
    return int(values[head.index("ActiveOpens")])


@needs_lab
def test_a_watch_reports_the_outage_and_its_end(saved: Path) -> None:
    with site(saved) as lab:
        start_pair(lab)
        # The checks come first and take a dozen connections; what comes then are the watch's.
        enough = connections(lab) + 30
        watching = subprocess.Popen(
            command(lab, saved, "--watch", 600, "--timeout", 1, "--format", "json"), stdout=subprocess.PIPE, text=True
        )
        assert wait_until(lambda: connections(lab) > enough, 4 * BOUND)
        # Nobody is left who could serve, and then one server is again.
        for server in lab.lbs.values():
            server.stop_haproxy()
        assert wait_until(lambda: lab.holders() == (), BOUND)
        for server in lab.lbs.values():
            server.start_haproxy()
        assert wait_until(lambda: lab.holders() != (), BOUND)
        enough = connections(lab) + 15
        assert wait_until(lambda: connections(lab) > enough, 4 * BOUND)
        lab.client.do("pkill", "-INT", "-f", "watch 60[0]")
        data = json.loads(watching.communicate(timeout=60)[0])
    assert data["watch"]["probes"] > 30
    assert [outage["ended"] for outage in data["watch"]["outages"]] == [True]
    assert data["watch"]["outages"][0]["failed"] == data["watch"]["failed"] > 0
    assert data["watch"]["asked"] == "port"
    times = data["watch"]["answerSeconds"]
    assert 0 < times["p50"] <= times["p99"] <= times["longest"]
    (outage,) = data["watch"]["outages"]
    lasted = datetime.fromisoformat(outage["to"]) - datetime.fromisoformat(outage["from"])
    assert abs(lasted.total_seconds() - outage["seconds"]) < 0.002  # they are rounded


@needs_lab
def test_an_interrupted_watch_still_tells_what_it_saw(saved: Path) -> None:
    with site(saved) as lab:
        start_pair(lab)
        watching = subprocess.Popen(
            command(lab, saved, "--watch", 600), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert watching.stdout is not None
        # Line by line up to where it waits: what was read ahead would be lost to communicate().
        lines = iter(watching.stdout.readline, "")
        assert any("Watching 172.16.0.10:6443: this tests only the TCP port" in line for line in lines)
        assert wait_until(lambda: lab.client.run("sh", "-c", "sleep 1; pkill -INT -f 'watch 60[0]'")[0] == 0, BOUND)
        written, said = watching.communicate(timeout=30)
    assert "Watched for" in written
    assert "Response time: median" in written
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
    assert b"the name does not resolve on this machine" in seen.stdout


@needs_lab
def test_a_config_without_a_load_balancer_is_not_well(config: Path) -> None:
    """Before and after the install; on a machine without any network: nobody else's is knocked at."""
    with Machine() as machine:
        for after in ([], ["--after-install"]):
            words = [
                "env",
                f"PYTHONPATH={ROOT}",
                sys.executable,
                "-m",
                "kkplan",
                "verify",
                str(config),
                "--timeout",
                "1",
            ]
            seen = subprocess.run(machine.command(*words, *after), capture_output=True, timeout=60, check=False)
            assert seen.returncode == 1
            assert b"no load balancer to verify: the endpoint is master1 itself" in seen.stdout


@needs_lab
def test_a_web_server_is_no_api_server(saved: Path, tmp_path: Path) -> None:
    """One that answers every path with 200, in the place of all three."""
    certificate = CertificateAuthority(tmp_path, "web").issue("DNS:lb.kubesphere.local,IP:172.16.0.10")
    web = """
global
  stats timeout 1s
defaults
  mode http
  timeout connect 1s
  timeout client 9s
  timeout server 9s
frontend web
  bind *:6443 ssl crt /run/web.pem
  http-request return status 200 content-type text/html string "<h1>It works!</h1>"
"""
    with site(saved) as lab:
        for server in lab.api_servers:
            server.kill()
            server.write("/run/web.pem", certificate, 0o600)
            server.write("/run/web.cfg", web.encode())
            assert server.run("haproxy", "-D", "-f", "/run/web.cfg", log="haproxy")[0] == 0
        start_pair(lab)
        code, data = verify(lab, saved, "--after-install")
    assert (code, outcomes(data)["api-servers"], outcomes(data)["endpoint-tls"]) == (1, ["failed"] * 3, ["failed"] * 3)
    assert whats(data, "api-servers")[0] == "master1: /readyz answers 200, but the body is not a kube-apiserver's"


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
