"""haproxy.cfg and keepalived.conf as KubeSphere's guide prints them, with their placeholders filled.

For sites whose support contract asks for exactly those. Source: the guide's 使用通用服务器作为负载均衡器, steps 3 and 7.
The templates are the guide's text, character by character; the two lists of changes are all that differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import NamedTuple

from kkplan.cluster.cluster import url_host
from kkplan.cluster.load_balancer import LbHost
from kkplan.modes.keepalived.pair_settings import PairSettings, priority
from kkplan.modes.keepalived.template import template
from kkplan.plan.artifact import Artifact

# The guide's health check. killall is in the package psmisc.
HEALTH_CHECK = "killall -0 haproxy"

_HAPROXY_HEAD = """\
# haproxy.cfg as KubeSphere's guide prints it. Made by kkplan with --lb-files guide, the same on all LB servers.
# Goes to /etc/haproxy/haproxy.cfg.
# Filled in: the port and the control planes. All other differences from the guide, without which HAProxy rejects the
# file:
$changes
# HAProxy ignores three lines: "daemon" under systemd, "pidfile" where the unit sets one (an ALERT at each start, but
# HAProxy continues), and "option tcplog" in the backend (a WARNING).

"""
_KEEPALIVED_HEAD = """\
# keepalived.conf as KubeSphere's guide prints it. Made by kkplan with --lb-files guide; differs from server to server.
# Goes to /etc/keepalived/keepalived.conf.
# Filled in: the NIC, the addresses and the virtual_router_id. All other differences from the guide, without which
# "keepalived -t" rejects the file:
$changes

"""


class Change(NamedTuple):
    """A difference between the file and the guide.

    Attributes:
        printed: a text of the guide, everywhere it is.
        written: what is there instead.
        reason: the change and why, for a comment.
    """

    printed: str
    written: str
    reason: str


# Tried with HAProxy 2.2.9, 2.6.12 and 3.0.11, and Keepalived 2.2.7 and 2.3.3: without any one of them, `haproxy -c` or
# `keepalived -t` ends with an error. Keepalived 2.1.5 only warns.
HAPROXY_CHANGES = (
    Change(
        "\N{NO-BREAK SPACE}",
        " ",
        "plain spaces: the guide's page has no-break spaces in eight lines, which are unknown keywords to HAProxy",
    ),
)
KEEPALIVED_CHANGES = (
    Change("  notification_email {\n  }\n", "", "no notification_email block: Keepalived warns of an empty one"),
    Change(
        "  vrrp_garp_interval 0\n  vrrp_gna_interval 0\n",
        "",
        "no vrrp_garp_interval 0 and vrrp_gna_interval 0: 0 is out of range, and Keepalived ignores both",
    ),
    Change(
        "  vrrp_skip_check_adv_addr\n",
        "  vrrp_skip_check_adv_addr\n  enable_script_security\n  script_user root\n",
        "enable_script_security and script_user root: without them, Keepalived reports a security violation",
    ),
)


def guide_files(settings: PairSettings, index: int) -> tuple[Artifact, ...]:
    """The files of the LB server at that place: the guide has no others."""
    lb_host = settings.lb_hosts[index]
    return (
        Artifact(f"{lb_host.name}/haproxy.cfg", _haproxy_cfg(settings)),
        Artifact(f"{lb_host.name}/keepalived.conf", _keepalived_conf(settings, lb_host, priority(settings, index))),
    )


def _haproxy_cfg(settings: PairSettings) -> str:
    servers = [
        f"    server kube-apiserver-{number} {url_host(backend.address)}:{backend.port} check"
        for number, backend in enumerate(settings.backends, 1)
    ]
    return _filled(
        _HAPROXY_HEAD, "haproxy.cfg", HAPROXY_CHANGES, {"port": settings.port, "servers": "\n".join(servers)}
    )


def _keepalived_conf(settings: PairSettings, lb_host: LbHost, priority: int) -> str:
    values = {
        "address": lb_host.address,
        "nic": lb_host.nic,
        "peers": "\n".join(f"    {peer.address}" for peer in settings.lb_hosts if peer != lb_host),
        "priority": priority,
        "vip": settings.vip.address,
        "virtual_router_id": settings.virtual_router_id,
    }
    return _filled(_KEEPALIVED_HEAD, "keepalived.conf", KEEPALIVED_CHANGES, values)


def _filled(head: str, name: str, changes: tuple[Change, ...], values: Mapping[str, object]) -> str:
    text = template(f"guide/{name}")
    for change in changes:
        text = text.replace(change.printed, change.written)
    reasons = "\n".join(f"# - {change.reason}" for change in changes)
    return Template(head + text).substitute(values, changes=reasons)
