"""An IP address where the endpoint's name belongs."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import is_ip
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find an IP as domain."""
    endpoint = subject.endpoint
    if is_ip(endpoint.domain):
        yield RULE.finding(
            T(
                "domain {domain} is an IP address; kk writes it into /etc/hosts as if it were a name",
                domain=endpoint.domain,
            ),
            T("Use a name: --domain lb.kubesphere.local"),
            at=endpoint.place_of("domain"),
        )


RULE = Rule(
    "KK120",
    Severity.WARNING,
    T("the endpoint's domain is an IP address"),
    check,
    why=T(
        "kk writes the domain as a name into every node's /etc/hosts and into kubeadm's endpoint. But an IP address is never looked up: nodes and kubeconfigs go to that IP itself, whatever address says, and with internal HAProxy the kubeconfigs go past it. An IPv6 address stands there without brackets, so that its port is taken for a part of it."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/kubernetes/tasks.go, GenerateKubeadmConfig (ControlPlaneEndpoint); getaddrinfo(3)",
    bad="""\
controlPlaneEndpoint:
  domain: 172.16.0.100
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: 172.16.0.100
""",
)
