"""The domain goes into /etc/hosts as a name and into the certificate as a DNS name; an IP is neither."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import is_ip
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find an IP as domain."""
    endpoint = subject.cluster.endpoint
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
        "kk writes the domain into /etc/hosts as a name and into the certificates as a DNS name. An IP address is neither: TLS clients compare it with the addresses of the certificate only."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; RFC 6125, 6.4",
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
