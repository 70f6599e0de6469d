"""The domain has to be a DNS name: it goes into /etc/hosts, certificates, kubeconfigs and a sed script."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.names import is_endpoint_domain
from kkplan.document.odd_space import odd_space
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a domain that is neither a name nor an address, which is KK120's."""
    endpoint = subject.endpoint
    domain = endpoint.domain
    if is_endpoint_domain(domain) or is_ip(domain) or odd_space(domain):
        return  # an address is KK120's, a space that is none KK326's
    if is_endpoint_domain(domain.lower()) and domain.isascii():
        yield RULE.finding(
            T("domain {domain} has capital letters, which kubeadm refuses", domain=domain),
            T("Write {domain}", domain=domain.lower()),
            at=endpoint.place_of("domain"),
        )
    else:
        yield RULE.finding(
            T("domain {domain} is no DNS name", domain=domain),
            T("Use lower-case letters, digits and hyphens, in parts between dots: lb.kubesphere.local"),
            at=endpoint.place_of("domain"),
        )


RULE = Rule(
    "KK125",
    Severity.ERROR,
    T("the endpoint's domain is no DNS name"),
    check,
    why=T(
        "kk takes the domain as it is: into /etc/hosts, into the certificates as a DNS name, into kubeadm's "
        "controlPlaneEndpoint, which refuses anything but a name or an IP address, and into a sed script. A scheme, a "
        "port, a space, an underscore or a capital letter breaks one of them in the middle of the install."
    ),
    source="RFC 1123, 2.1; kubeadm, cmd/kubeadm/app/util/endpoint.go, ParseHostPort; cmd/kk/pkg/loadbalancer/tasks.go, UpdateHosts",
    bad="""\
controlPlaneEndpoint:
  domain: https://lb.kubesphere.local
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: 172.16.0.100
""",
)
