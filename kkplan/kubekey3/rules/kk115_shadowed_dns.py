"""externalDNS without an address: /etc/hosts shadows the DNS name."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find externalDNS without an address."""
    effective = effective_endpoint(subject)
    if effective.route is Route.SHADOWED_DNS:
        yield RULE.finding(
            T(
                "kk writes `{address} {domain}` into every node's /etc/hosts although externalDNS is true: "
                "nodes talk to that one control plane, not to what DNS says",
                address=effective.address,
                domain=effective.domain,
            ),
            T(
                "Give the load balancer's IP as address, or set system.skipConfigureOS: true and manage /etc/hosts yourself"
            ),
            at=subject.endpoint.place_of("externalDNS"),
        )


RULE = Rule(
    "KK115",
    Severity.WARNING,
    T("/etc/hosts shadows the DNS name of the endpoint"),
    check,
    why=T(
        "externalDNS says that DNS knows the domain, so kk leaves the address empty. But its script for the nodes takes an empty address for a missing one, and writes the first control plane's IP for the domain into /etc/hosts, which is asked before DNS."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts",
    bad="""\
controlPlaneEndpoint:
  domain: lb.example.com
  externalDNS: true
  address: ""
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.example.com
  address: 172.16.0.100
""",
)
