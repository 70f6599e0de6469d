"""The files of the LB servers: configs of HAProxy and Keepalived, an installer, Ansible playbooks for it, and a runbook.

The guide ("使用通用服务器作为负载均衡器") prints a configuration for both programs. The templates differ where
measurements showed that it fails over late or never; a comment explains each difference. guide.py has the guide's own.
Sources: keepalived.conf(5), HAProxy's configuration manual, RFC 5798.
"""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from string import Template

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import ROOT, is_ipv6, url_host
from kkplan.cluster.load_balancer import LbHost
from kkplan.modes.keepalived.guide import HEALTH_CHECK, guide_files
from kkplan.modes.keepalived.install_script import install_script
from kkplan.modes.keepalived.pair_settings import CHECK_SCRIPT, PairSettings, monitor_port, priority
from kkplan.modes.keepalived.runbook import runbook
from kkplan.modes.keepalived.template import ScriptTemplate, template
from kkplan.plan.artifact import Artifact

# Seconds; VRRPv3 counts hundredths. The backups take over when this many adverts in a row are missing, after the skew
# time of RFC 5798, 6.1: together 0.9 s. RFC 5798's three at 0.3 s would be as quick, but if a tenth of the packets is
# lost, three in a row are missing twice in ten minutes, and nine in a row once in decades. It is not shorter than that
# because a busy holder must not look dead: under heavy load, answers of a live pair were seen to take 0.5 s.
ADVERT_INTERVAL = 0.1
DOWN_TIMER_ADVERTS = 9

# Connections. HAProxy takes two file descriptors for each, and some for itself.
FRONTEND_MAXCONN = 8000
GLOBAL_MAXCONN = 8200

# What HAProxy accepts as the name of a server (its manual, section 2, "Configuration file format").
_HAPROXY_NAME = re.compile(r"[A-Za-z0-9_.:-]+\Z")


def bundle(settings: PairSettings) -> tuple[Artifact, ...]:
    """The runbook in the current language, the installer, Ansible's files, and the files of each LB server."""
    return (
        Artifact("README.md", runbook(settings)),
        Artifact("install.sh", install_script(settings), 0o755),
        Artifact("ansible/inventory.yaml", _ansible_inventory(settings)),
        Artifact("ansible/install.yaml", template("ansible-install.yaml")),
        Artifact("ansible/uninstall.yaml", template("ansible-uninstall.yaml")),
        *(artifact for index in range(len(settings.lb_hosts)) for artifact in _host_files(settings, index)),
    )


def _host_files(settings: PairSettings, index: int) -> tuple[Artifact, ...]:
    """The files of the LB server at that place; its place decides its priority."""
    if settings.is_guide:
        return guide_files(settings, index)
    name = settings.lb_hosts[index].name
    return (
        Artifact(f"{name}/haproxy.cfg", _haproxy_cfg(settings)),
        Artifact(f"{name}/keepalived.conf", _keepalived_conf(settings, index)),
        Artifact(f"{name}/check-haproxy.sh", _check_script(settings, index), 0o755),
        Artifact(f"{name}/kkplan-restart.conf", template("kkplan-restart.conf")),
        Artifact(f"{name}/kkplan-haproxy.conf", template("kkplan-haproxy.conf")),
    )


def _haproxy_cfg(settings: PairSettings) -> str:
    return Template(template("haproxy.cfg")).substitute(
        bind=_bind(settings),
        frontend_maxconn=FRONTEND_MAXCONN,
        global_maxconn=GLOBAL_MAXCONN,
        monitor_port=monitor_port(settings),
        port=settings.port,
        servers="\n".join(_server_lines(settings.backends)),
    )


def _bind(settings: PairSettings) -> str:
    """Where HAProxy listens: `*` is IPv4 only, `v4v6` both families (HAProxy manual, 5.1)."""
    return f"[::]:{settings.port} v4v6" if is_ipv6(settings.vip.address) else f"*:{settings.port}"


def _server_lines(backends: tuple[Backend, ...]) -> list[str]:
    lines: list[str] = []
    names: set[str] = set()
    for number, backend in enumerate(backends, 1):
        name = backend.name
        if not _HAPROXY_NAME.match(name) or name in names:
            name = f"kube-apiserver-{number}"
        names.add(name)
        lines.append(f"    server {name} {url_host(backend.address)}:{backend.port} check check-ssl verify none")
    return lines


def _keepalived_conf(settings: PairSettings, index: int) -> str:
    lb_host = settings.lb_hosts[index]
    peers = [peer.address for peer in settings.lb_hosts if peer != lb_host]
    return Template(template("keepalived.conf")).substitute(
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
    return ScriptTemplate(template("check-haproxy.sh")).substitute(
        address=lb_host.address, monitor_port=monitor_port(settings), nic=lb_host.nic
    )


def _ansible_inventory(settings: PairSettings) -> str:
    return Template(template("ansible-inventory.yaml")).substitute(
        hosts="\n".join(_inventory_host(lb_host) for lb_host in settings.lb_hosts),
        user=json.dumps(settings.ssh_user),
        become=json.dumps(settings.ssh_user != ROOT),
        health_check=json.dumps(HEALTH_CHECK.split() if settings.is_guide else [CHECK_SCRIPT]),
        vip=settings.vip.address,
    )


def _inventory_host(lb_host: LbHost) -> str:
    """An LB server as YAML, with quotes: a name may look like a number, and so may a NIC."""
    return (
        f"    {json.dumps(lb_host.name)}:\n"
        f"      ansible_host: {json.dumps(lb_host.address)}\n"
        f"      kkplan_nic: {json.dumps(lb_host.nic)}"
    )
