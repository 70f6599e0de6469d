"""The request path as it is drawn in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.cluster.load_balancer import LbHost
from kkplan.cluster.request_path import Mark, request_path
from kkplan.disk.config_file import ConfigFile
from kkplan.locale import use_language
from kkplan.render.format import OutputOptions
from kkplan.render.style import RED, width_of
from kkplan.render.topology.text_drawing import text_drawing
from kkplan.use.read import Reading, read
from tests.conftest import PATTERNS, SAMPLES, Kkplan
from tests.rules.conftest import MASTERS, config_text, host

PLAIN = OutputOptions()
PAIR = (LbHost("lb1", "172.16.0.2", "eth0"), LbHost("lb2", "172.16.0.3", "eth0"))


def drawn(reading: Reading, options: OutputOptions = PLAIN, lb_hosts: tuple[LbHost, ...] = ()) -> str | None:
    return text_drawing(request_path(reading.subject.cluster, reading.effective, lb_hosts), options)


def sample(name: str) -> Reading:
    return read(ConfigFile("c.yaml", (SAMPLES / name).read_bytes()))


def test_today_one_api_server_is_asked_and_the_others_stand_idle() -> None:
    assert drawn(sample("keepalived/config-sample.yaml")) == (
        "  a worker's\n"
        "  kubelet         /etc/hosts               API server\n"
        "  node1 ------+-> lb.kubesphere.local ---> ! master1 172.16.0.4:6443\n"
        "  node2 ------+   → 172.16.0.4             (master2 172.16.0.5:6443)\n"
        "  node3 ------+                            (master3 172.16.0.6:6443)\n"
        "  ! single point of failure   ( ) receives no requests\n"
    )


def test_a_pair_has_the_name_above_the_vip_and_its_servers_below() -> None:
    assert drawn(sample("keepalived/after.yaml"), lb_hosts=PAIR) == (
        "  a worker's\n"
        "  kubelet         load balancer            API server\n"
        "  node1 ------+   lb.kubesphere.local  +-> master1 172.16.0.4:6443\n"
        "  node2 ------+-> 172.16.0.10:6443 ----+-> master2 172.16.0.5:6443\n"
        "  node3 ------+   lb1 172.16.0.2       +-> master3 172.16.0.6:6443\n"
        "                  lb2 172.16.0.3\n"
    )


def test_each_worker_asks_the_haproxy_of_its_own() -> None:
    assert drawn(sample("internal-haproxy/after.yaml")) == (
        "  a worker's      HAProxy on the\n"
        "  kubelet         same worker         API server\n"
        "  node1 --------> 127.0.0.1:6443 -+-> master1 192.168.0.2:6443\n"
        "  node2 --------> 127.0.0.1:6443 -+-> master2 192.168.0.3:6443\n"
        "  node3 --------> 127.0.0.1:6443 -+-> master3 192.168.0.4:6443\n"
    )


def test_where_nobody_listens_the_path_ends() -> None:
    text = config_text("internalLoadbalancer: haproxy\nport: 8443")
    reading = read(ConfigFile("c.yaml", text.encode()))
    drawing = drawn(reading)
    assert drawing is not None
    assert drawing.count("-> x 127.0.0.1:8443\n") == 2, "each worker asks itself"
    assert "nothing answers" in drawing
    assert "API server" not in drawing


def test_many_workers_are_cut_short() -> None:
    hosts = (*MASTERS, *(host(f"node{n}", f"10.0.0.{n}") for n in range(1, 31)))
    roles = {"etcd": ("master[1:3]",), "master": ("master[1:3]",), "worker": ("node[1:30]",)}
    drawing = drawn(read(ConfigFile("c.yaml", config_text("address: 10.0.0.100", hosts=hosts, roles=roles).encode())))
    assert drawing is not None
    assert "  … and 26 more -+" in drawing
    assert drawing.count("\n") < 10


def test_a_narrow_terminal_gets_the_list_instead(kkplan: Kkplan) -> None:
    reading = sample("keepalived/after.yaml")
    widest = max(map(width_of, (drawn(reading) or "").splitlines()))
    assert drawn(reading, OutputOptions(width=widest)) is not None
    assert drawn(reading, OutputOptions(width=widest - 1)) is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "pattern",
    [path for path in sorted(PATTERNS.glob("*/*.yaml")) if "refused" not in path.parent.name],
    ids=lambda p: f"{p.parent.name}-{p.stem}",
)
def test_no_line_is_wider_than_a_terminal_and_every_request_arrives(pattern: Path, language: str) -> None:
    use_language(language)
    reading = read(ConfigFile("c.yaml", pattern.read_bytes()))
    path = request_path(reading.subject.cluster, reading.effective)
    drawing = text_drawing(path, OutputOptions(width=200))
    if not path:
        assert drawing is None
        return
    assert drawing is not None
    narrow = text_drawing(path, PLAIN)
    assert narrow is None or max(map(width_of, narrow.splitlines())) <= 80
    last = [node for node in path[-1].nodes if node.mark is not Mark.IDLE]
    targets = [node.place for node in last if f" {node.place}" in drawing or f"-> {node.text}" in drawing]
    assert targets == [node.place for node in last]


def test_only_the_broken_node_is_red() -> None:
    drawing = drawn(sample("keepalived/config-sample.yaml"), OutputOptions(colour=True)) or ""
    assert f"---> \x1b[{RED}m! master1 172.16.0.4:6443\x1b[0m\n" in drawing
    assert drawing.count(f"\x1b[{RED}m") == 1


def test_plan_draws_both_and_one_where_nothing_changes(kkplan: Kkplan, config: Path) -> None:
    way = ("--mode", "cloud-lb", "--address", "172.16.0.100")
    text = kkplan("plan", config.name, *way).stdout.decode()
    assert text.index("today: ") < text.index("Request path, today\n") < text.index("Request path, planned\n")
    assert text.index("Request path, planned\n") < text.index("--- config-sample.yaml\n")
    kkplan("apply", config.name, *way, "--yes")
    assert "Request path, today and planned\n" in kkplan("plan", config.name, *way).stdout.decode()
