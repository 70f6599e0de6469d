"""What happens to machines that boot, besides the failures of a rehearsal; and what of those is asked of machines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from kkplan.lab.pair_lab import wait_until
from kkplan.locale import T
from kkplan.rehearsal.scenario import (
    Scenario,
    Stage,
    Step,
    StepFailed,
    VipExpectation,
    scenario_named,
    scenarios,
)
from tests.machines.pair import BootedPair
from tests.machines.server import BOOT_SECONDS, BootedServer, Networking

# Seconds of a rehearsal's failures on machines.
LIMITS = {
    "haproxy-stopped": 1.2,
    "haproxy-hung": 2.0,
    "keepalived-killed": 0.5,
    "link-down": 1.2,
    "machine-lost": 1.2,
}
# Seconds from the moment at which the first server has NIC, address and HAProxy to the first answer.
POWER_ON_LIMIT = 5.0

Act = Callable[[BootedPair, BootedServer], None]


def _step(title: str, act: Act | None, **values: object) -> Step:
    def on_stage(stage: Stage) -> None:
        if act is not None:
            pair = cast(BootedPair, stage.lab)
            act(pair, pair.lbs[stage.subject])

    values = {"vip": VipExpectation.ANY, **values}
    return Step(T(title), on_stage, **values)  # type: ignore[arg-type]


def _see_addresses(pair: BootedPair, _: BootedServer) -> None:
    """Each server has to have its own address, also when its Keepalived ends."""
    for server in pair.lbs.values():
        # As a network restart may have left it: a VIP before the own address takes that one with it.
        if not server.holds(server.member.address):
            raise StepFailed(T("{lb} has lost its own address", lb=server.name))


def _run(*words: str) -> Act:
    """Run a program on the VIP's holder, which has to succeed."""

    def act(_: BootedPair, server: BootedServer) -> None:
        status, said = server.inside(*words)
        if status:
            raise StepFailed(
                T("status {status} of {command}: {said}", status=status, command=" ".join(words), said=said)
            )

    return act


def _on_holder(name: str, title: str, *words: str, **values: object) -> Scenario:
    """Something that is done on the VIP's holder and is over by itself."""
    fault = _step(f"{title} on {{lb}}", _run(*words), **values)
    return Scenario(name, 0, T(title), fault, _step("All is as before", _see_addresses))


def _pause(seconds: float) -> Scenario:
    def act(pair: BootedPair, server: BootedServer) -> None:
        pair.pause(server.name)
        time.sleep(seconds)
        pair.resume(server.name)

    title = f"The VIP holder's machine is paused for {seconds:g} s"
    return Scenario(
        f"machine-paused-{seconds:g}",
        0,
        T(title),
        _step(f"{{lb}} paused for {seconds:g} s", act, watch=4),
        _step("", None),
    )


def _shut_down(pair: BootedPair, server: BootedServer) -> None:
    server.shut_down()


def _switch_on(pair: BootedPair, server: BootedServer) -> None:
    pair.switch_on(server.name)


def _remake_nic(pair: BootedPair, server: BootedServer) -> None:
    """Remove the NIC and make it again, as a hypervisor or a driver does; its address comes back with it."""
    server.run("ip", "link", "del", "dev", server.member.nic)
    time.sleep(2)
    pair.switch.plug(server, (server.address,), server.member.nic)


ON_HOLDER = (
    _on_holder("haproxy-restarted", "systemctl restart haproxy", "systemctl", "restart", "haproxy"),
    _on_holder(
        "haproxy-reloaded",
        "systemctl reload haproxy",
        *("systemctl", "reload", "haproxy"),
        vip=VipExpectation.STAYS,
        failed_limit=0,
    ),
    _on_holder("haproxy-killed", "All processes of HAProxy killed", "pkill", "-KILL", "-x", "haproxy"),
    _on_holder("keepalived-restarted", "systemctl restart keepalived", "systemctl", "restart", "keepalived"),
    _on_holder("keepalived-reloaded", "systemctl reload keepalived", "systemctl", "reload", "keepalived"),
    _on_holder(
        "packages-reinstalled",
        "apt-get install --reinstall haproxy keepalived",
        *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--reinstall", "-y", "-q"),
        *("haproxy", "keepalived"),
        watch=4,
    ),
    _pause(2),
    _pause(10),
    Scenario(
        "machine-shut-down",
        0,
        T("systemctl poweroff, then power on"),
        _step("{lb} shut down", _shut_down, vip=VipExpectation.MOVES),
        _step("{lb} switched on again", _switch_on, watch=4, failed_limit=0),
    ),
    Scenario(
        "nic-remade",
        0,
        T("The VIP holder's NIC is removed and made again"),
        _step("NIC of {lb} gone for 2 s", _remake_nic, watch=4),
        _step("All is as before", _see_addresses),
    ),
)

NETWORK_RESTARTS = {
    Networking.IFUPDOWN: (
        _on_holder("networking-restarted", "systemctl restart networking", "systemctl", "restart", "networking"),
        _on_holder("ifdown-ifup", "ifdown eth0; ifup eth0", "sh", "-c", "ifdown eth0; ifup eth0", watch=4),
        _on_holder(
            "ifdown-wait-ifup",
            "ifdown eth0; sleep 4; ifup eth0",
            "sh",
            "-c",
            "ifdown eth0; sleep 4; ifup eth0",
            watch=4,
        ),
    ),
    Networking.NETWORKD: (
        _on_holder(
            "networkd-restarted", "systemctl restart systemd-networkd", "systemctl", "restart", "systemd-networkd"
        ),
        _on_holder("networkctl-reconfigure", "networkctl reconfigure eth0", "networkctl", "reconfigure", "eth0"),
        _on_holder(
            "networkd-stopped",
            "systemd-networkd stopped, addresses flushed, link down, 3 s, started",
            *("sh", "-c"),
            "systemctl stop systemd-networkd.socket systemd-networkd; ip addr flush dev eth0 scope global;"
            " ip link set dev eth0 down; sleep 3; systemctl start systemd-networkd",
            watch=4,
        ),
    ),
}


# --- Power on ---


def _power_on(name: str, title: str, act: Callable[[BootedPair], None]) -> Scenario:
    """Both machines have lost power at once; `act` switches them on, and gives them what is late."""

    def fault(pair: BootedPair, _: BootedServer) -> None:
        for server in pair.lbs:
            pair.switch_off(server)
        act(pair)

    return Scenario(name, 0, T(title), _step(title, fault, watch=4), _step("All is as before", _see_addresses))


def _first_haproxy(pair: BootedPair) -> float:
    """When the first HAProxy was up, on the clock that all machines share; its server has its address by then."""
    servers = pair.lbs.values()
    wait_until(lambda: all(server.haproxy_start for server in servers), BOOT_SECONDS)
    return min(server.haproxy_start for server in servers)


def _boot_with(networking: Networking) -> Callable[[BootedPair], None]:
    def act(pair: BootedPair) -> None:
        usual, pair.networking = pair.networking, networking
        for name in pair.lbs:
            pair.switch_on(name)
        pair.networking = usual
        pair.complete = _first_haproxy(pair)

    return act


def _addresses_late(*seconds: float) -> Callable[[BootedPair], None]:
    """Each server's address comes so many seconds after power-on; the first one makes the VIP possible."""

    def act(pair: BootedPair) -> None:
        for name in pair.lbs:
            pair.switch_on(name, with_address=False)
        on = time.monotonic()
        for number, (late, name) in enumerate(sorted(zip(seconds, pair.lbs, strict=True))):
            time.sleep(max(0.0, on + late - time.monotonic()))
            if number == 0:
                pair.complete = time.monotonic()
            pair.add_address(name)

    return act


def _nics_late(networking: Networking, seconds: float, address_seconds: float = 0.0) -> Callable[[BootedPair], None]:
    """The NICs come late; the addresses with them from networkd, or still later from outside."""

    def act(pair: BootedPair) -> None:
        for server in pair.lbs.values():
            server.set_networking(networking)
            server.boot()
        time.sleep(seconds)
        pair.complete = time.monotonic()
        for server in pair.lbs.values():
            pair.switch.plug(server, (), server.member.nic)
        if networking is Networking.OUTSIDE:
            time.sleep(address_seconds)
            pair.complete = time.monotonic()
            for name in pair.lbs:
                pair.add_address(name)

    return act


def _haproxy_late(seconds: float) -> Callable[[BootedPair], None]:
    def act(pair: BootedPair) -> None:
        for name, server in pair.lbs.items():
            server.set_start(haproxy=False)
            pair.switch_on(name)
        time.sleep(seconds)
        for server in pair.lbs.values():
            server.set_start(haproxy=True)
            server.start_haproxy()
        pair.complete = _first_haproxy(pair)

    return act


POWER_ON = (
    _power_on("power-on-ifupdown", "Nothing late, addresses from ifupdown", _boot_with(Networking.IFUPDOWN)),
    _power_on("power-on-networkd", "Nothing late, addresses from systemd-networkd", _boot_with(Networking.NETWORKD)),
    _power_on("addresses-late", "Both addresses 7 s late", _addresses_late(7, 7)),
    _power_on("second-address-late", "One address 3 s late, the other one 7 s", _addresses_late(3, 7)),
    _power_on("nics-late", "Both NICs 5 s late, addresses from systemd-networkd", _nics_late(Networking.NETWORKD, 5)),
    _power_on("nics-then-addresses", "Both NICs 3 s late, addresses 6 s", _nics_late(Networking.OUTSIDE, 3, 3)),
    _power_on("haproxy-late", "HAProxy on both 12 s late", _haproxy_late(12)),
    # Longer than systemd lets a start take: it has ended one by then, and begun another.
    _power_on("addresses-very-late", "Both addresses 110 s late", _addresses_late(110, 110)),
)
POWER_ON_NAMES = frozenset(scenario.name for scenario in POWER_ON)


def of_rehearsal(names: Sequence[str] = ()) -> tuple[Scenario, ...]:
    """The rehearsal's scenarios as machines play them; all of them where none is named."""
    return tuple(_on_machines(scenario_named(name)) for name in names or [each.name for each in scenarios()])


def _on_machines(scenario: Scenario) -> Scenario:
    fault, repair = scenario.fault, scenario.repair
    if scenario.name in LIMITS:
        fault = replace(fault, outage_limit=LIMITS[scenario.name])
    if scenario.name == "keepalived-killed":
        # systemd starts it again, after four seconds where the others need three.
        fault, repair = replace(fault, watch=7), _step("Keepalived was started again by systemd", None)
    return replace(scenario, fault=fault, repair=repair)
