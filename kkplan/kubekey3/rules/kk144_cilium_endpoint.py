"""Cilium without kube-proxy, which connects to the endpoint's address: here that of a single control plane."""

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint
from kkplan.kubekey3.endpoint_readers import cilium_goes_to
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

# There, every node depends on one machine, or kk installs nothing: KK101, KK102 and KK104.
_REPORTED_ELSEWHERE = (Route.REFUSED, Route.NOTHING_INSTALLED, Route.FIRST_CONTROL_PLANE, Route.SINGLE)


def check(subject: Subject) -> Findings:
    target = cilium_goes_to(subject)
    if target is None or effective_endpoint(subject).route in _REPORTED_ELSEWHERE:
        return
    cluster = subject.cluster
    owner = next((host for host in cluster.control_planes if host in cluster.hosts_with(target)), None)
    if owner is not None and len(cluster.control_planes) > 1:
        yield RULE.finding(
            T(
                "on every node, Cilium without kube-proxy connects to {address} ({host}): if that machine fails, new "
                "pods get no network",
                address=target,
                host=node_names(owner.name),
            ),
            T("Use cloud-lb or keepalived to set address to a load balancer's IP, or keep kube-proxy"),
            at=subject.config.place_at("kubernetes", "disableKubeProxy"),
        )


RULE = Rule(
    "KK144",
    Severity.WARNING,
    T("Cilium without kube-proxy or a load balancer address"),
    check,
    why=T(
        "Without kube-proxy, Cilium needs the address of an API server. kk gives it the endpoint's address, "
        "never its domain. With internal HAProxy, or without an address, this is the first control plane's "
        "address. If that machine fails, Cilium receives no updates on any node, and new pods get no "
        "network. With externalDNS, Cilium gets the SSH address of one control plane."
    ),
    source="cmd/kk/pkg/plugins/network/tasks.go, DeployCilium (k8sServiceHost); cmd/kk/pkg/kubernetes/kubernetes_status.go, LoadKubeConfig; Cilium, Kubernetes Without kube-proxy",
    bad="""\
kubernetes:
  version: v1.26.5
  disableKubeProxy: true
network:
  plugin: cilium
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good="""\
kubernetes:
  version: v1.26.5
  disableKubeProxy: true
network:
  plugin: cilium
controlPlaneEndpoint:
  address: 172.16.0.100
""",
)
