"""A name where the endpoint's IP address belongs."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.endpoint import HAPROXY
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find an address that is no IP."""
    endpoint = subject.cluster.endpoint
    if (
        subject.cluster.skips_hosts_file
        or endpoint.internal_loadbalancer == HAPROXY
        or not endpoint.address
        or is_ip(endpoint.address)
    ):
        return
    yield RULE.finding(
        T(
            "address {address} is no IP address: kk writes it into /etc/hosts, where {domain} then stands for nothing",
            address=endpoint.address,
            domain=endpoint.domain,
        ),
        T("Give the load balancer's IP; where it has a DNS name only, use kkplan plan --mode cloud-lb --dns-name NAME"),
        at=endpoint.place_of("address"),
    )


RULE = Rule(
    "KK135",
    Severity.ERROR,
    T("the endpoint's address is no IP address"),
    check,
    why=T(
        "kk writes address and domain as one line into every node's /etc/hosts, and that file takes IP addresses only: a line that begins with a name is skipped. The domain then resolves nowhere, and the first control plane waits for an endpoint that never answers."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; hosts(5)",
    bad="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: slb.example.com
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: 172.16.0.100
""",
)
