"""README.md: how to set up and test the LB servers, also by hand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from string import Template

from kkplan.cluster.backend import API_SERVER_PORT, Backend
from kkplan.cluster.cluster import is_ipv6, url_host
from kkplan.cluster.endpoint import EndpointKind, WantedEndpoint
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.locale import T, translate_paragraphs
from kkplan.modes.keepalived.pair_settings import (
    CHECK_SCRIPT,
    HAPROXY_RESTART_CONF,
    RESTART_CONF,
    PairSettings,
    monitor_port,
    priority,
)
from kkplan.modes.keepalived.template import template
from kkplan.rules.kk203_guide_files import FIGURES
from kkplan.shown import shown, shown_node
from kkplan.visible import in_code, on_one_line

# What the runbook has only for kkplan's files, or only for the guide's.
_ONLY = re.compile(r"<!-- only (kkplan|guide) -->\n\n(.*?)<!-- end -->\n\n?", re.DOTALL)


def runbook(settings: PairSettings) -> str:
    """README.md in the current language."""
    wanted = "guide" if settings.is_guide else "kkplan"
    markdown = _ONLY.sub(lambda part: part[2] if part[1] == wanted else "", template("runbook.md"))
    return Template(translate_paragraphs(markdown)).substitute(runbook_values(settings))


def runbook_values(settings: PairSettings) -> dict[str, object]:
    """The values of the runbook's placeholders; shell words are quoted."""
    lb_hosts = settings.lb_hosts
    first, second = lb_hosts[0], lb_hosts[:2][-1]
    node = next(iter(settings.backends), Backend("NODE", "ADDRESS"))  # KK118 refuses a plan without control planes
    # sudo may ask for a password, for which it needs a terminal.
    ssh_as_root = f"ssh {'-t ' if settings.sudo else ''}{settings.ssh_user}@"
    return {
        "api_port": next((backend.port for backend in settings.backends), API_SERVER_PORT),
        "backend_rows": "\n".join(
            f"| {shown_node(b.name)} | {shown(b.address)} | {b.port} |" for b in settings.backends
        ),
        "check_commands": "\n".join(_check_command(lb_host, settings.ssh_user) for lb_host in lb_hosts),
        "config_name": in_code(settings.installation.config_name),
        "config_arguments": on_one_line(settings.installation.config_arguments),
        "copy_commands": "\n".join(_copy_commands(lb_host, settings.ssh_user) for lb_host in lb_hosts),
        "domain": shown(settings.domain),
        "domain_pattern": shown(settings.domain).replace(".", "[.]"),
        "endpoint_rows": "\n".join(_endpoint_rows(settings)),
        "figure_rows": "\n".join(f"| {one.failure} | {one.guide} | {one.kkplan} |" for one in FIGURES),
        "firewalld_rules": "\n".join(settings.sudo + _firewalld_rule(lb_host) for lb_host in lb_hosts),
        "first_address": first.address,
        "first_name": first.name,
        "install_cluster": on_one_line(settings.installation.command),
        "install_commands": "\n".join(
            f"{ssh_as_root}{lb_host.address} {settings.sudo}sh kkplan-lb/install.sh" for lb_host in lb_hosts
        ),
        "lb_count": len(lb_hosts),
        "lb_rows": "\n".join(_lb_row(lb_host, priority(settings, index)) for index, lb_host in enumerate(lb_hosts)),
        "manual_commands": "\n".join(_manual_commands(lb_host, settings) for lb_host in lb_hosts),
        "monitor_port": monitor_port(settings),
        "node_address": node.address,
        "node_name": shlex.quote(shown_node(node.name)),
        "node_sudo": settings.node_sudo,
        "node_user": settings.node_user,
        "package_names": "keepalived haproxy psmisc" if settings.is_guide else "keepalived haproxy",
        "peer_rules": "\n".join(f"{settings.sudo}ufw allow proto vrrp from {lb_host.address}" for lb_host in lb_hosts),
        "port": settings.port,
        "prefix": settings.vip.prefix,
        "probe_command": _probe_command(settings.vip, first, settings.sudo),
        "second_name": second.name,
        "selinux_commands": "\n".join(f"{settings.sudo}{command}" for command in _selinux_commands(settings)),
        "show_commands": "\n".join(_show_command(lb_host, settings.ssh_user) for lb_host in lb_hosts),
        "ssh_as_root": ssh_as_root,
        "ssh_user": settings.ssh_user,
        "sudo": settings.sudo,
        "vip": settings.vip.address,
        "vip_endpoint": f"{url_host(settings.vip.address)}:{settings.port}",
        "virtual_router_id": settings.virtual_router_id,
    }


def _endpoint_rows(settings: PairSettings) -> Iterator[str]:
    """What the config has for the VIP; a key that it must not have, without a value."""
    wanted = WantedEndpoint(EndpointKind.ADDRESS, settings.domain, settings.vip.address, settings.port)
    for key, value in settings.installation.endpoint_keys(wanted).items():
        cell = f"`{in_code(value)}`" if value is not None else T("no such key")
        yield f"| `{key}` | {cell} |"


def _lb_row(lb_host: LbHost, priority: int) -> str:
    return f"| {lb_host.name} | {lb_host.address} | {lb_host.nic} | {priority} |"


def _copy_commands(lb_host: LbHost, user: str) -> str:
    return (
        f"ssh {user}@{lb_host.address} mkdir -p kkplan-lb\n"
        f"scp -r SHA256SUMS install.sh {lb_host.name} {user}@{url_host(lb_host.address)}:kkplan-lb/"
    )


def _check_command(lb_host: LbHost, user: str) -> str:
    """Verifies the copies on one LB server, which has only some files of SHA256SUMS; works with BusyBox too."""
    name = lb_host.name.replace(".", "[.]")
    command = f'cd kkplan-lb && grep -E "  (install[.]sh|{name}/)" SHA256SUMS | sha256sum -c -'
    return f"ssh {user}@{lb_host.address} {shlex.quote(command)}"


def _manual_commands(lb_host: LbHost, settings: PairSettings) -> str:
    """The commands that install the files of one LB server."""
    files = {
        "haproxy.cfg": "-m 0644 %s /etc/haproxy/haproxy.cfg",
        "keepalived.conf": "-m 0644 %s /etc/keepalived/keepalived.conf",
    }
    if not settings.is_guide:
        files |= {
            "check-haproxy.sh": f"-m 0755 %s {CHECK_SCRIPT}",
            "kkplan-restart.conf": f"-D -m 0644 %s {RESTART_CONF}",
            "kkplan-haproxy.conf": f"-D -m 0644 %s {HAPROXY_RESTART_CONF}",
        }
    commands = (f"{settings.sudo}install {words % f'{lb_host.name}/{name}'}" for name, words in files.items())
    return "\n".join((f"# {lb_host.name}", *commands))


def _selinux_commands(settings: PairSettings) -> tuple[str, ...]:
    """The commands that allow what SELinux forbids by default."""
    if settings.is_guide:
        return ("setsebool -P haproxy_connect_any 1",)
    return (
        "setsebool -P haproxy_connect_any 1",
        f"semanage fcontext -a -t keepalived_unconfined_script_exec_t {CHECK_SCRIPT}",
        f"restorecon -v {CHECK_SCRIPT}",
    )


def _firewalld_rule(lb_host: LbHost) -> str:
    """The command that allows VRRP from one LB server in the others' firewalls."""
    family = "ipv6" if is_ipv6(lb_host.address) else "ipv4"
    rule = f'rule family="{family}" source address="{lb_host.address}" protocol value="vrrp" accept'
    return f"firewall-cmd --permanent --add-rich-rule='{rule}'"


def _show_command(lb_host: LbHost, user: str) -> str:
    return f"ssh {user}@{lb_host.address} ip -br addr show dev {shlex.quote(lb_host.nic)}"


def _probe_command(vip: Vip, lb_host: LbHost, sudo: str) -> str:
    """Checks whether a machine in the subnet has the VIP, by ARP or neighbour discovery."""
    nic = shlex.quote(lb_host.nic)
    if is_ipv6(vip.address):
        return f"ping -6 -c 3 {vip.address}\nip -6 neigh show to {vip.address} dev {nic}"
    return f"{sudo}arping -D -c 3 -w 4 -I {nic} {vip.address}"
