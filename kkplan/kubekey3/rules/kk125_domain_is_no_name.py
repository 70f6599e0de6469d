"""A domain that is no DNS name; kk uses it in /etc/hosts, certificates, kubeconfigs and sed. KK120 covers addresses."""

import re

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.names import is_endpoint_domain
from kkplan.document.odd_space import edge_space
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.typo_hints import half_width
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_SCHEME = re.compile(r"\A[a-z]+://")


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    domain = endpoint.domain
    if is_endpoint_domain(domain) or is_ip(domain) or edge_space(domain):
        return  # KK120 reports an address, KK326 a space
    if is_endpoint_domain(domain.lower()) and domain.isascii():
        yield RULE.finding(
            T("domain {domain} has capital letters, which kubeadm rejects", domain=domain),
            T("Write {domain}", domain=domain.lower()),
            at=endpoint.place_of("domain"),
        )
    else:
        yield RULE.finding(
            T("domain {domain} is not a DNS name", domain=domain),
            _advice(domain),
            at=endpoint.place_of("domain"),
        )


def _advice(domain: str) -> Text:
    if is_endpoint_domain(half_width(domain)):
        return T("Write {address}, without full-width characters", address=half_width(domain))
    meant = _SCHEME.sub("", domain).rstrip("/")
    if is_endpoint_domain(meant):
        return T("Write {domain}", domain=meant)
    host, _, port = meant.rpartition(":")
    if port.isdigit() and is_endpoint_domain(host):
        return T("Write {address}, and set the port with the key port", address=host)
    return T("Use lower-case letters, digits and hyphens in parts separated by dots, e.g. lb.kubesphere.local")


RULE = Rule(
    "KK125",
    Severity.ERROR,
    T("the endpoint's domain is not a DNS name"),
    check,
    why=T(
        "kk uses the domain unchanged: in /etc/hosts, as a DNS name in the certificates, in a sed script, "
        "and in kubeadm's controlPlaneEndpoint, which accepts only a name or an IP address. A scheme, a "
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
