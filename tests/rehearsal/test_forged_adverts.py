"""Adverts in a peer's name that come from another subnet do not take the VIP from its holder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from kkplan.lab.machine import Machine
from kkplan.lab.pair import read_pair
from kkplan.lab.pair_lab import PairLab, pair_lab, wait_until
from kkplan.lab.switch import Switch
from kkplan.plan.artifact import Artifact
from tests import forged_adverts
from tests.lb_programs import Machine as WritableMachine
from tests.rehearsal.conftest import NETWORKS, needs_lab, own_pair

pytestmark = [needs_lab, pytest.mark.thorough]

SENDER = str(Path(forged_adverts.__file__))


class Outside(NamedTuple):
    """The subnet where the attacker is: its own address, and the router's on both sides."""

    attacker: str
    router: str
    router_inside: str


OUTSIDE = {
    "ipv4": Outside("10.9.0.2/24", "10.9.0.1/24", "172.16.0.1/24"),
    "ipv6": Outside("fd00:9::2/64", "fd00:9::1/64", "fd00:60::1/64"),
}


@contextmanager
def attacked(family: str, artifacts: tuple[Artifact, ...]) -> Iterator[tuple[PairLab, Machine]]:
    """A pair whose first server holds the VIP, and a machine behind a router."""
    addresses = OUTSIDE[family]
    with ExitStack() as stack:
        lab = stack.enter_context(pair_lab(read_pair(artifacts, "the test")))
        for server in lab.lbs.values():
            server.start_haproxy()
            server.start_keepalived()
            assert wait_until(lambda: bool(lab.holders()), 10)
        assert lab.holders() == ("lb1",)
        outside = stack.enter_context(Switch())
        attacker, router = stack.enter_context(Machine()), stack.enter_context(WritableMachine())
        router.do("for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$file; done")
        router.do("echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding")
        lab.switch.plug(router, (addresses.router_inside,), "inside")
        outside.plug(router, (addresses.router,), "outside")
        router.do("for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$file; done")
        outside.plug(attacker, (addresses.attacker,))
        attacker.do("ip", "route", "add", "default", "via", addresses.router.partition("/")[0])
        yield lab, attacker


def attack(lab: PairLab, attacker: Machine, family: str, ttl: int) -> bool:
    """Whether the holder loses the VIP while adverts in the other server's name come in."""
    network = NETWORKS[family][0]
    arguments = [f"{network}3", f"{network}2", f"{network}10", "60", str(ttl), "4"]
    attacker.launch(sys.executable, SENDER, *arguments)
    lost = wait_until(lambda: "lb1" not in lab.holders(), 4)
    time.sleep(0.2)
    return lost


@pytest.mark.parametrize("family", NETWORKS)
def test_adverts_from_another_subnet_do_not_take_the_vip(family: str) -> None:
    with attacked(family, own_pair(family)) as (lab, attacker):
        for ttl in (2, 64, 65, 128, 255):  # the router passes it on with one less
            assert not attack(lab, attacker, family, ttl), ttl
        log = lab.lbs["lb1"].keepalived_log
        assert "TTL/HL 63 not in range 255 - 255" in log
        assert "TTL/HL 254 not in range 255 - 255" in log
        # What comes from the real one still counts.
        lab.lbs["lb1"].stop_keepalived()
        assert wait_until(lambda: lab.holders() == ("lb2",), 5)


@pytest.mark.parametrize("family", NETWORKS)
def test_without_the_ttl_the_same_adverts_take_it(family: str) -> None:
    files = tuple(
        file._replace(content=file.content.replace(" min_ttl 255 max_ttl 255", "")) for file in own_pair(family)
    )
    with attacked(family, files) as (lab, attacker):
        assert attack(lab, attacker, family, 64)
