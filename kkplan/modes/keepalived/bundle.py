"""The files of the LB servers: what HAProxy and Keepalived read, an installer, Ansible for it, and a runbook.

The guide ("使用通用服务器作为负载均衡器") prints a configuration for both programs. The templates depart from it where
measurements showed that it fails over late or never; each departure is explained by a comment where it stands.
Sources: keepalived.conf(5), HAProxy's configuration manual, RFC 5798.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import ip_address
from string import Template

from kkplan.cluster.backend import API_SERVER_PORT, Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.locale import translate_paragraphs
from kkplan.plan.artifact import Artifact
from kkplan.plan.shell_path import shell_path
from kkplan.shown import shown, shown_node
from kkplan.visible import in_code, on_one_line

__all__ = ["LbHost", "PairSettings", "Vip", "bundle"]

CHECK_SCRIPT = "/etc/keepalived/check-haproxy.sh"
RESTART_CONF = "/etc/systemd/system/keepalived.service.d/kkplan-restart.conf"

# Seconds; VRRPv3 counts hundredths. The backups take over when so many adverts in a row are missing, and after the skew
# time of RFC 5798, 6.1: together 0.9 s. RFC 5798's three at 0.3 s would be as quick, but where a tenth of the packets is
# lost, three in a row are missing twice in ten minutes, and nine in a row once in decades. It is not shorter than that
# because a busy holder must not look dead: under heavy load, answers of a live pair were seen to take 0.5 s.
ADVERT_INTERVAL = 0.1
DOWN_TIMER_ADVERTS = 9

# VRRP priorities are 1 to 254 for a router that does not own the address (RFC 5798, 5.2.4). High ones shorten the skew
# time, and with it each takeover; steps of 50, as keepalived.conf(5) has them, tell servers that start together apart.
HIGHEST_PRIORITY = 250
PRIORITY_STEP = 50

# Connections. HAProxy takes two file descriptors for each, and some for itself.
FRONTEND_MAXCONN = 8000
GLOBAL_MAXCONN = 8200

# The loopback port where HAProxy says that it is alive; the second one where the endpoint has the first.
MONITOR_PORTS = (8404, 8405)

# What HAProxy takes as the name of a server (its manual, section 2, "Configuration file format").
_HAPROXY_NAME = re.compile(r"[A-Za-z0-9_.:-]+\Z")


class _ScriptTemplate(Template):
    """A template for shell scripts, where `$` has a meaning of its own: `@@name` stands for a value."""

    delimiter = "@@"


@dataclass(frozen=True)
class PairSettings:
    """What the files are made from.

    Attributes:
        vip: the virtual IP address; the LB servers' own addresses are of its family.
        port: what HAProxy listens on; the API servers' own port is always 6443.
        virtual_router_id: the same on all LB servers, 1 to 255.
        lb_hosts: the first one has the highest priority. Two or more are of use; with one, rule KK107 refuses the
            plan, whose files are made all the same.
        backends: every control plane, KubeKey's first one first; at least one.
        domain: the control plane endpoint's domain.
        config_name: the config's file name, for the reader.
    """

    vip: Vip
    port: int
    virtual_router_id: int
    lb_hosts: tuple[LbHost, ...]
    backends: tuple[Backend, ...]
    domain: str
    config_name: str


def bundle(settings: PairSettings) -> tuple[Artifact, ...]:
    """The runbook in the language in use, the installer, Ansible's files, and four files for each LB server."""
    return (
        Artifact("README.md", _runbook(settings)),
        Artifact("install.sh", _install_script(settings), 0o755),
        Artifact("ansible/inventory.yaml", _ansible_inventory(settings)),
        Artifact("ansible/install.yaml", _template("ansible-install.yaml")),
        Artifact("ansible/uninstall.yaml", _template("ansible-uninstall.yaml")),
        *(artifact for index in range(len(settings.lb_hosts)) for artifact in _host_files(settings, index)),
    )


def monitor_port(settings: PairSettings) -> int:
    """The loopback port of the health check, another one than HAProxy's own."""
    first, second = MONITOR_PORTS
    return second if settings.port == first else first


def priority(settings: PairSettings, index: int) -> int:
    """The VRRP priority of the LB server at that place: each is lower than the one before."""
    step = min(PRIORITY_STEP, HIGHEST_PRIORITY // len(settings.lb_hosts))
    return HIGHEST_PRIORITY - index * step


def _host_files(settings: PairSettings, index: int) -> tuple[Artifact, ...]:
    """The files of the LB server at that place; its place decides its priority."""
    name = settings.lb_hosts[index].name
    return (
        Artifact(f"{name}/haproxy.cfg", _haproxy_cfg(settings)),
        Artifact(f"{name}/keepalived.conf", _keepalived_conf(settings, index)),
        Artifact(f"{name}/check-haproxy.sh", _check_script(settings, index), 0o755),
        Artifact(f"{name}/kkplan-restart.conf", _template("kkplan-restart.conf")),
    )


def _template(name: str) -> str:
    return files(__package__).joinpath("templates").joinpath(name).read_text(encoding="utf-8")


def _haproxy_cfg(settings: PairSettings) -> str:
    return Template(_template("haproxy.cfg")).substitute(
        bind=_bind(settings),
        frontend_maxconn=FRONTEND_MAXCONN,
        global_maxconn=GLOBAL_MAXCONN,
        monitor_port=monitor_port(settings),
        port=settings.port,
        servers="\n".join(_server_lines(settings.backends)),
    )


def _bind(settings: PairSettings) -> str:
    """Where HAProxy listens: `*` is IPv4 alone, `v4v6` both families (HAProxy manual, 5.1)."""
    return f"[::]:{settings.port} v4v6" if _is_ipv6(settings.vip.address) else f"*:{settings.port}"


def _server_lines(backends: tuple[Backend, ...]) -> list[str]:
    lines: list[str] = []
    names: set[str] = set()
    for number, backend in enumerate(backends, 1):
        name = backend.name
        if not _HAPROXY_NAME.match(name) or name in names:
            name = f"kube-apiserver-{number}"
        names.add(name)
        lines.append(f"    server {name} {_url_host(backend.address)}:{backend.port} check check-ssl verify none")
    return lines


def _keepalived_conf(settings: PairSettings, index: int) -> str:
    lb_host = settings.lb_hosts[index]
    peers = [peer.address for peer in settings.lb_hosts if peer != lb_host]
    return Template(_template("keepalived.conf")).substitute(
        address=lb_host.address,
        advert_interval=ADVERT_INTERVAL,
        check_script=CHECK_SCRIPT,
        down_timer_adverts=DOWN_TIMER_ADVERTS,
        name=lb_host.name,
        nic=lb_host.nic,
        host_prefix=ip_address(settings.vip.address).max_prefixlen,
        peers="\n".join(f"        {peer} min_ttl 255 max_ttl 255" for peer in peers),
        prefix=settings.vip.prefix,
        priority=priority(settings, index),
        vip=settings.vip.address,
        virtual_router_id=settings.virtual_router_id,
    )


def _check_script(settings: PairSettings, index: int) -> str:
    lb_host = settings.lb_hosts[index]
    return _ScriptTemplate(_template("check-haproxy.sh")).substitute(
        address=lb_host.address, monitor_port=monitor_port(settings), nic=lb_host.nic
    )


def _install_script(settings: PairSettings) -> str:
    return _ScriptTemplate(_template("install.sh")).substitute(
        lb_hosts="\n".join(f"{lb_host.name} {lb_host.address} {lb_host.nic}" for lb_host in settings.lb_hosts),
        monitor_port=monitor_port(settings),
        port=settings.port,
        prefix=settings.vip.prefix,
        vip=settings.vip.address,
    )


def _ansible_inventory(settings: PairSettings) -> str:
    return Template(_template("ansible-inventory.yaml")).substitute(
        hosts="\n".join(_inventory_host(lb_host) for lb_host in settings.lb_hosts),
        vip=settings.vip.address,
    )


def _inventory_host(lb_host: LbHost) -> str:
    """An LB server as YAML, with quotes: a name may look like a number, and so may a NIC."""
    return (
        f"    {json.dumps(lb_host.name)}:\n"
        f"      ansible_host: {json.dumps(lb_host.address)}\n"
        f"      kkplan_nic: {json.dumps(lb_host.nic)}"
    )


def _runbook(settings: PairSettings) -> str:
    return Template(translate_paragraphs(_template("runbook.md"))).substitute(_runbook_values(settings))


def _runbook_values(settings: PairSettings) -> dict[str, object]:
    """What stands in the runbook for each placeholder; what a shell reads is quoted for it."""
    lb_hosts = settings.lb_hosts
    first, second = lb_hosts[0], lb_hosts[:2][-1]
    return {
        "api_port": API_SERVER_PORT,
        "backend_rows": "\n".join(
            f"| {shown_node(b.name)} | {shown(b.address)} | {b.port} |" for b in settings.backends
        ),
        "check_commands": "\n".join(_check_command(lb_host) for lb_host in lb_hosts),
        "config_name": in_code(settings.config_name),
        "config_path": on_one_line(shell_path(settings.config_name)),
        "copy_commands": "\n".join(_copy_commands(lb_host) for lb_host in lb_hosts),
        "domain": shown(settings.domain),
        "firewalld_rules": "\n".join(map(_firewalld_rule, lb_hosts)),
        "first_address": first.address,
        "first_name": first.name,
        "install_commands": "\n".join(f"ssh root@{lb_host.address} sh kkplan-lb/install.sh" for lb_host in lb_hosts),
        "lb_count": len(lb_hosts),
        "lb_rows": "\n".join(_lb_row(lb_host, priority(settings, index)) for index, lb_host in enumerate(lb_hosts)),
        "manual_commands": "\n".join(_manual_commands(lb_host) for lb_host in lb_hosts),
        "monitor_port": monitor_port(settings),
        "peer_rules": "\n".join(f"ufw allow proto vrrp from {lb_host.address}" for lb_host in lb_hosts),
        "port": settings.port,
        "prefix": settings.vip.prefix,
        "probe_command": _probe_command(settings.vip, first),
        "second_name": second.name,
        "show_commands": "\n".join(_show_command(lb_host) for lb_host in lb_hosts),
        "vip": settings.vip.address,
        "vip_endpoint": f"{_url_host(settings.vip.address)}:{settings.port}",
        "virtual_router_id": settings.virtual_router_id,
    }


def _lb_row(lb_host: LbHost, priority: int) -> str:
    return f"| {lb_host.name} | {lb_host.address} | {lb_host.nic} | {priority} |"


def _copy_commands(lb_host: LbHost) -> str:
    return (
        f"ssh root@{lb_host.address} mkdir -p kkplan-lb\n"
        f"scp -r SHA256SUMS install.sh {lb_host.name} root@{_url_host(lb_host.address)}:kkplan-lb/"
    )


def _check_command(lb_host: LbHost) -> str:
    """Compares the copies on one LB server, which are not all that SHA256SUMS lists; BusyBox does it too."""
    name = lb_host.name.replace(".", "[.]")
    command = f'cd kkplan-lb && grep -E "  (install[.]sh|{name}/)" SHA256SUMS | sha256sum -c -'
    return f"ssh root@{lb_host.address} {shlex.quote(command)}"


def _manual_commands(lb_host: LbHost) -> str:
    """The commands that put the files of one LB server in their places."""
    return (
        f"# {lb_host.name}\n"
        f"install -m 0644 {lb_host.name}/haproxy.cfg /etc/haproxy/haproxy.cfg\n"
        f"install -m 0644 {lb_host.name}/keepalived.conf /etc/keepalived/keepalived.conf\n"
        f"install -m 0755 {lb_host.name}/check-haproxy.sh {CHECK_SCRIPT}\n"
        f"install -D -m 0644 {lb_host.name}/kkplan-restart.conf {RESTART_CONF}"
    )


def _firewalld_rule(lb_host: LbHost) -> str:
    """The command that lets VRRP from one LB server through the others' firewalls."""
    family = "ipv6" if _is_ipv6(lb_host.address) else "ipv4"
    rule = f'rule family="{family}" source address="{lb_host.address}" protocol value="vrrp" accept'
    return f"firewall-cmd --permanent --add-rich-rule='{rule}'"


def _show_command(lb_host: LbHost) -> str:
    return f"ssh root@{lb_host.address} ip -br addr show dev {shlex.quote(lb_host.nic)}"


def _probe_command(vip: Vip, lb_host: LbHost) -> str:
    """Asks the subnet whether anyone has the VIP: by ARP, or by neighbour discovery."""
    nic = shlex.quote(lb_host.nic)
    if _is_ipv6(vip.address):
        return f"ping -6 -c 3 {vip.address}\nip -6 neigh show to {vip.address} dev {nic}"
    return f"arping -D -c 3 -w 4 -I {nic} {vip.address}"


def _is_ipv6(address: str) -> bool:
    return ip_address(address).version == 6


def _url_host(address: str) -> str:
    """The address as it stands before a colon: an IPv6 one in brackets (RFC 3986, 3.2.2)."""
    return f"[{address}]" if _is_ipv6(address) else address
