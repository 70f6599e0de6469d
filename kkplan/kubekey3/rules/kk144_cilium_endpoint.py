"""Cilium without kube-proxy, which goes to the endpoint's address and not to its name."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint
from kkplan.kubekey3.endpoint_readers import cilium_goes_to
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

# Every node, and not Cilium alone, goes to one machine there, or nothing is installed: KK101, KK102 and KK104.
_REPORTED_ELSEWHERE = (Route.REFUSED, Route.NOTHING_INSTALLED, Route.FIRST_CONTROL_PLANE, Route.SINGLE)


def check(subject: Subject) -> Iterator[Finding]:
    """Find a Cilium that is given one control plane's address."""
    target = cilium_goes_to(subject)
    if target is None or effective_endpoint(subject).route in _REPORTED_ELSEWHERE:
        return
    cluster = subject.cluster
    owner = next(iter(cluster.hosts_with(target)), None)
    if owner is not None and len(cluster.control_planes) > 1:
        yield RULE.finding(
            T(
                "Cilium without kube-proxy goes to {address} ({host}) on every node: if that machine fails, pods lose their network",
                address=target,
                host=node_names(owner.name),
            ),
            T("Give the load balancer's IP as address, by cloud-lb or keepalived, or leave kube-proxy on"),
            at=subject.config.place_at("kubernetes", "disableKubeProxy"),
        )


RULE = Rule(
    "KK144",
    Severity.WARNING,
    T("Cilium without kube-proxy and without a load balancer's address"),
    check,
    why=T(
        "Without kube-proxy Cilium has to be told where an API server is. kk tells it the endpoint's address, never its domain. With internal HAProxy, or without an address, that is the first control plane's: when it fails, Cilium on all nodes hears of no change any more, and new pods get no network. With externalDNS it is the SSH address of one control plane."
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
