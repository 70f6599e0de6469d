"""An LB server that is a node of the cluster: the API server holds port 6443 on all its addresses."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find LB servers among the hosts: fatal on a control plane while the port is 6443."""
    cluster = subject.cluster
    control_planes = cluster.control_planes
    for lb_host in subject.lb_hosts or ():
        node = cluster.host_at(lb_host.address)
        if node is None:
            continue
        if node in control_planes and cluster.endpoint.port == API_SERVER_PORT:
            yield RULE.finding(
                T(
                    "LB server {lb} is the control plane {host}: its API server holds port 6443 already, HAProxy cannot start",
                    lb=lb_host.name,
                    host=node.name,
                ),
                T("Use servers outside the cluster, or another port, e.g. --port 8443"),
                at=node.place,
            )
        else:
            yield RULE.finding(
                T(
                    "LB server {lb} is the cluster node {host}: the load balancer shares its load and its failures",
                    lb=lb_host.name,
                    host=node.name,
                ),
                T("Use servers outside the cluster where you can"),
                at=node.place,
                severity=Severity.WARNING,
            )


RULE = Rule(
    "KK105",
    Severity.ERROR,
    T("an LB server that is a cluster node"),
    check,
    why=T(
        "kube-apiserver binds its port on all addresses of a control plane, so HAProxy cannot bind the same one there, the VIP included. On any other node the load balancer shares the load, the upgrades and the failures of the cluster that it is to keep reachable."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultApiserverPort; KubeKey issue 560",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.4,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
