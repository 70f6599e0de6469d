"""The rendered files at work: HAProxy dies on the server that holds the VIP, and the other one takes over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.modes.keepalived.bundle import PairSettings, bundle
from kkplan.plan.artifact import Artifact
from tests.lb_programs import Lab, lab, reason_to_skip, wait_until, write_bundle

REASON = reason_to_skip("haproxy", "keepalived", "openssl")
pytestmark = pytest.mark.skipif(bool(REASON), reason=REASON or "can run")

# Seconds. A takeover is measured to take less than 2; the bound is for a busy machine.
BOUND = 10

NETWORKS = {"ipv4": ("172.16.0.", 24), "ipv6": ("fd00:60::", 64)}


def pair(family: str) -> PairSettings:
    network, prefix = NETWORKS[family]
    return PairSettings(
        vip=Vip(f"{network}10", prefix),
        port=6443,
        virtual_router_id=60,
        lb_hosts=(LbHost("lb1", f"{network}2", "eth0"), LbHost("lb2", f"{network}3", "eth0")),
        backends=(Backend("master1", f"{network}4"),),
        domain="lb.kubesphere.local",
        config_name="config-sample.yaml",
    )


@contextmanager
def running(settings: PairSettings, artifacts: tuple[Artifact, ...], folder: Path) -> Iterator[Lab]:
    """The pair at work: the first server holds the VIP, and a request through it succeeds."""
    write_bundle(artifacts, folder)
    vip, prefix = settings.vip.address, settings.vip.prefix
    with lab(folder) as it:
        network, _, _ = vip.rpartition("10")
        it.add_client(f"{network}20/{prefix}")
        for lb_host in settings.lb_hosts:
            it.add_lb(lb_host, prefix)
        # Nothing answers behind HAProxy yet, and the VIP has to come up all the same: the guide tests it then.
        # One after the other, for nopreempt leaves the VIP with whoever was first.
        for number, server in enumerate(it.lbs, 1):
            server.start_haproxy()
            server.start_keepalived()
            assert wait_until(lambda: it.holders(vip) == ["lb1"], BOUND), server.log
            assert number == 1 or wait_until(lambda: "Entering BACKUP STATE" in it.lbs[1].log, BOUND), server.log
        for backend in settings.backends:
            it.add_control_plane(backend, prefix)
        assert wait_until(lambda: it.request_succeeds(vip, settings.port), BOUND), it.lbs[0].log
        yield it


def served_by(it: Lab, name: str, settings: PairSettings) -> None:
    """Wait until that server alone holds the VIP and requests of the client succeed."""
    vip = settings.vip.address
    assert wait_until(lambda: it.holders(vip) == [name], BOUND), [server.log for server in it.lbs]
    assert wait_until(lambda: it.request_succeeds(vip, settings.port), BOUND), [server.log for server in it.lbs]


def test_vip_leaves_a_server_that_fails_and_does_not_come_back(tmp_path: Path) -> None:
    settings = pair("ipv4")
    vip = settings.vip.address
    with running(settings, bundle(settings), tmp_path) as it:
        first, second = it.lbs
        first.stop_haproxy()
        served_by(it, "lb2", settings)

        first.start_haproxy()
        assert wait_until(lambda: first.log.count("Entering BACKUP STATE") == 2, BOUND), first.log
        assert not wait_until(lambda: it.holders(vip) != ["lb2"], 2), first.log
        assert it.request_succeeds(vip, settings.port)

        second.hang_haproxy()
        served_by(it, "lb1", settings)

        second.do("pkill -CONT -x haproxy")
        assert wait_until(lambda: second.log.count("Entering BACKUP STATE") == 2, BOUND), second.log
        it.switch.do(f"ip link set {it.switch.port(first)} down")
        served_by(it, "lb2", settings)


def test_an_ipv6_vip_moves_as_well(tmp_path: Path) -> None:
    settings = pair("ipv6")
    with running(settings, bundle(settings), tmp_path) as it:
        it.lbs[0].stop_haproxy()
        served_by(it, "lb2", settings)


def test_a_weight_with_nopreempt_never_moves_the_vip(tmp_path: Path) -> None:
    """What the guide's `weight 2` does to nopreempt: proof that the test above can fail."""
    settings = pair("ipv4")
    vip = settings.vip.address
    artifacts = bundle(settings)
    broken = tuple(replace(it, content=it.content.replace("    weight 0\n", "    weight 2\n")) for it in artifacts)
    assert broken != artifacts
    with running(settings, broken, tmp_path) as it:
        it.lbs[0].stop_haproxy()
        assert wait_until(lambda: "failed" in it.lbs[0].log, BOUND), it.lbs[0].log
        assert not wait_until(lambda: it.holders(vip) != ["lb1"], 4), it.lbs[1].log
        assert not it.request_succeeds(vip, settings.port)
