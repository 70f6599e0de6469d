"""The settings of a pair of LB servers, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import ROOT
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.plan.installation import Installation

# Paths on an LB server that several of the files name.
CHECK_SCRIPT = "/etc/keepalived/check-haproxy.sh"
RESTART_CONF = "/etc/systemd/system/keepalived.service.d/kkplan-restart.conf"
HAPROXY_RESTART_CONF = "/etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf"

# VRRP priorities are 1 to 254 for a router that does not own the address (RFC 5798, 5.2.4). High ones shorten the skew
# time, and with it each takeover; steps of 50, as keepalived.conf(5) has them, tell servers that start together apart.
HIGHEST_PRIORITY = 250
PRIORITY_STEP = 50

# The loopback port of HAProxy's health check; the second one if the endpoint uses the first.
MONITOR_PORTS = (8404, 8405)

# The guide prints the same for every server.
GUIDE_PRIORITY = 100


@dataclass(frozen=True)
class PairSettings:
    """The settings of the files.

    Attributes:
        vip: the virtual IP address; the LB servers' own addresses are of its family.
        port: what HAProxy listens on; the API servers' own port is always 6443.
        virtual_router_id: the same on all LB servers, 1 to 255.
        lb_hosts: the first one has the highest priority. Two or more are of use; with one, rule KK107 refuses the
            plan, whose files are made all the same.
        backends: every control plane, KubeKey's first one first; at least one.
        domain: the control plane endpoint's domain.
        installation: how the cluster is installed, for the reader.
        node_user: the user for SSH to the nodes.
        ssh_user: the user for SSH to the LB servers, who uses sudo unless it is root.
        is_guide: haproxy.cfg and keepalived.conf are those of KubeSphere's guide, not kkplan's.
    """

    vip: Vip
    port: int
    virtual_router_id: int
    lb_hosts: tuple[LbHost, ...]
    backends: tuple[Backend, ...]
    domain: str
    installation: Installation
    node_user: str = ROOT
    ssh_user: str = ROOT
    is_guide: bool = False

    @property
    def sudo(self) -> str:
        """What comes before a command of root in the user's shell on an LB server."""
        return sudo_for(self.ssh_user)

    @property
    def node_sudo(self) -> str:
        """The same on a node."""
        return sudo_for(self.node_user)


def sudo_for(user: str) -> str:
    """`sudo` and a space for a user who needs it."""
    return "" if user == ROOT else "sudo "


def monitor_port(settings: PairSettings) -> int:
    """The loopback port of the health check, different from the endpoint's."""
    first, second = MONITOR_PORTS
    return second if settings.port == first else first


def priority(settings: PairSettings, index: int) -> int:
    """The VRRP priority of the LB server at that place: each is lower than the one before, but not in the guide."""
    if settings.is_guide:
        return GUIDE_PRIORITY
    step = min(PRIORITY_STEP, HIGHEST_PRIORITY // len(settings.lb_hosts))
    return HIGHEST_PRIORITY - index * step
