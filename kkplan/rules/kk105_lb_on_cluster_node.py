"""LB servers that are cluster nodes: an error if a cluster component uses the port there, otherwise a warning."""

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.cluster.cluster import Cluster, Host
from kkplan.locale import T, Text, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject

# Kubernetes, "Ports and Protocols". The etcd ports are also KubeKey's defaults.
_NODE_PORTS = range(30000, 32768)
_ON_EVERY_NODE = {10250: "kubelet", 10256: "kube-proxy"}
_ON_CONTROL_PLANES = {
    API_SERVER_PORT: "kube-apiserver",
    10257: "kube-controller-manager",
    10259: "kube-scheduler",
}
_ON_ETCD_MEMBERS = {2379: "etcd", 2380: "etcd"}


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    port = subject.endpoint.port
    for lb_host in subject.lb_hosts or ():
        node = cluster.host_at(lb_host.address)
        if node is None:
            continue
        holder = _holder(cluster, node, port)
        if holder is not None:
            yield RULE.finding(
                T(
                    "LB server {lb} is cluster node {host}, where {holder} holds port {port}: HAProxy cannot start",
                    lb=node_names(lb_host.name),
                    host=node_names(node.name),
                    holder=holder,
                    port=port,
                ),
                T("Use servers outside the cluster, or another port, e.g. --port 8443"),
                at=node.place,
            )
        else:
            yield RULE.finding(
                T(
                    "LB server {lb} is cluster node {host}: the load balancer shares the node's load and failures",
                    lb=node_names(lb_host.name),
                    host=node_names(node.name),
                ),
                T("If possible, use servers outside the cluster"),
                at=node.place,
                severity=Severity.WARNING,
            )


def _holder(cluster: Cluster, node: Host, port: int) -> Text | None:
    """The cluster component that listens on the port of that node; None if there is none."""
    if port in _NODE_PORTS and node in (*cluster.control_planes, *cluster.workers):
        return T("kube-proxy (NodePort)")
    held = dict(_ON_EVERY_NODE)
    if node in cluster.control_planes:
        held |= _ON_CONTROL_PLANES
    if node in cluster.etcd_members:
        held |= _ON_ETCD_MEMBERS
    return T("{program}", program=held[port]) if port in held else None


RULE = Rule(
    "KK105",
    Severity.ERROR,
    T("an LB server that is a cluster node"),
    check,
    why=T(
        "kube-apiserver binds its port on all addresses of a control plane, including the VIP, so HAProxy "
        "cannot bind the same port there. On any other cluster node, the load balancer shares the load, "
        "upgrades and failures of the cluster it serves."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultApiserverPort; KubeKey issue 560",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.4,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
