"""LB files of KubeSphere's guide, which fail over late or never: an error if they cannot serve the VIP."""

from ipaddress import ip_address
from typing import NamedTuple

from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


class Figure(NamedTuple):
    """What rehearsals measured of a failure; each the worst run of benchmarks/results, as docs/failover.md has it.

    Attributes:
        scenario: as `kkplan rehearse --scenario` names it.
        failure: its title.
        guide: time without an answer, or failed requests of 20 a second, with the guide's files.
        kkplan: the same with kkplan's files.
    """

    scenario: str
    failure: Text
    guide: Text
    kkplan: Text


def _seconds(count: float) -> Text:
    return T("{seconds} s", seconds=f"{count:.2f}")


def _failed(count: int) -> Text:
    return T("{count} failed", count=count)


def _keeps_failing(count: int) -> Text:
    """Requests still failed when the rehearsal stopped watching."""
    return T("≥ {count} failed", count=count)


_NEVER = T("never")

# tests/test_failover_tables.py compares them with what was measured.
FIGURES = (
    Figure("haproxy-hung", T("HAProxy hangs"), _NEVER, _seconds(1.53)),
    Figure("address-lost", T("The VIP holder loses its own address"), _NEVER, _seconds(0.78)),
    Figure("address-late", T("All LB servers boot, addresses come late"), _NEVER, _seconds(4.79)),
    Figure("haproxy-stopped", T("HAProxy stops"), _seconds(4.83), _seconds(1.09)),
    Figure("link-down", T("The VIP holder's link goes down"), _seconds(3.52), _seconds(1.01)),
    Figure("machine-lost", T("The VIP holder's machine dies"), _seconds(3.64), _seconds(1.00)),
    Figure("api-server-stopped", T("One API server stops"), _keeps_failing(94), _failed(0)),
    Figure("api-server-hung", T("One API server hangs"), _keeps_failing(95), _failed(1)),
    Figure("api-server-lost", T("One control plane's link goes down"), _keeps_failing(93), _failed(3)),
    Figure("one-api-server-left", T("All API servers except one stop"), _keeps_failing(188), _failed(8)),
    Figure("idle-connection", T("A connection is idle for 70 s"), T("closed"), T("stays open")),
    Figure("many-connections", T("4,000 connections at once"), T("refused or closed"), T("all stay open")),
)


def check(subject: Subject) -> Findings:
    if not subject.lb_is_guide or subject.vip is None:
        return
    if ip_address(subject.vip.address).version == 6:
        # HAProxy's "bind *:6443" is IPv4 only, and VRRPv2, which has the guide's password, too.
        yield RULE.finding(
            T(
                "the VIP {vip} is IPv6, and the LB files of KubeSphere's guide are for IPv4 only",
                vip=subject.vip.address,
            ),
            T("Remove --lb-files guide, or use an IPv4 VIP"),
            severity=Severity.ERROR,
        )
    else:
        figures = {figure.scenario: figure for figure in FIGURES}
        stopped, link = figures["haproxy-stopped"], figures["link-down"]
        yield RULE.finding(
            T(
                "the LB files of KubeSphere's guide do not survive every failure. In rehearsals, nothing answered any more "
                "when HAProxy hung, when the VIP holder lost its own address, or when the servers' addresses came late at "
                "boot. The outage was {stopped} when HAProxy stopped (kkplan's files: {stopped_own}), and {link} when the VIP "
                "holder's link went down (kkplan's: {link_own}). While an API server was stopped, hung or cut off, requests "
                "kept failing. Idle connections were closed, and most of 4,000 connections were refused or closed",
                stopped=stopped.guide,
                stopped_own=stopped.kkplan,
                link=link.guide,
                link_own=link.kkplan,
            ),
            T(
                "Use them only if your support contract requires them. Otherwise remove --lb-files guide. README.md compares "
                "all figures with those of kkplan's files"
            ),
        )


RULE = Rule(
    "KK203",
    Severity.WARNING,
    T("LB files of KubeSphere's guide, which fail over late or never"),
    check,
    why=T(
        "The guide's health check only asks whether a process named haproxy exists, so it does not notice a hung one. When "
        "HAProxy stops, the holder's priority drops, and another server takes over more than 3 s later. A holder that loses its "
        "own address keeps the VIP, and a Keepalived that starts before the address never takes it. HAProxy checks API "
        "servers every 10 s, by TCP only, does not try another one for a failed connection, takes 250 connections for each, "
        "and closes those that are idle for 50 s. kkplan rehearse shows this with the files of your plan."
    ),
    source="docs/failover.md, measured by make bench-failover; KubeSphere's high availability guide, steps 3 and 7",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0 --lb-files guide",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
