"""skipConfigureOS without externalDNS: the site must resolve the domain itself. KK102 covers one without an address."""

from kkplan.kubekey3.endpoint import DEFAULT_DOMAIN, HAPROXY
from kkplan.kubekey3.endpoint_readers import address_after_defaults
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config, endpoint = subject.config, subject.endpoint
    by_haproxy = endpoint.internal_loadbalancer == HAPROXY
    is_exclusive = len(subject.cluster.control_planes) == 1
    if not config.skips_hosts_file or endpoint.external_dns or not (by_haproxy or endpoint.address or is_exclusive):
        return
    if by_haproxy and endpoint.address:
        return  # KK101 reports it: kk installs nothing
    yield RULE.finding(
        T(
            "with skipConfigureOS, kk does not write {domain} into /etc/hosts: nodes cannot find the endpoint",
            domain=endpoint.domain,
        ),
        _advice(subject),
        at=config.place_at("system", "skipConfigureOS"),
    )


def _advice(subject: Subject) -> Text:
    endpoint, planes = subject.endpoint, subject.cluster.control_planes
    address = address_after_defaults(subject) if planes else endpoint.address
    if endpoint.internal_loadbalancer == HAPROXY:
        return T(
            "Write `{address} {domain}` into every node's /etc/hosts before the install; kk changes the address "
            "to 127.0.0.1",
            address=address,
            domain=endpoint.domain,
        )
    if endpoint.domain == DEFAULT_DOMAIN:
        return T(
            "Write `{address} {domain}` into every node's /etc/hosts before the install",
            address=address,
            domain=endpoint.domain,
        )
    return T(
        "Write `{address} {domain}` into every node's /etc/hosts, or set externalDNS: true if your DNS "
        "resolves the domain",
        address=address,
        domain=endpoint.domain,
    )


RULE = Rule(
    "KK146",
    Severity.WARNING,
    T("a domain that kk does not write into /etc/hosts"),
    check,
    why=T(
        "system.skipConfigureOS skips the script that writes the domain into /etc/hosts, for every kind of "
        "endpoint. kubeadm connects to the endpoint by its domain. If the domain does not resolve, the first "
        "control plane waits until it times out and the install fails. With internal HAProxy, kk only "
        "changes an existing line."
    ),
    source="cmd/kk/pkg/pipelines/create_cluster.go, ConfigureOSModule (Skip); cmd/kk/pkg/loadbalancer/tasks.go, UpdateHosts",
    bad="""\
system:
  skipConfigureOS: true
controlPlaneEndpoint:
  domain: lb.example.com
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.example.com
  address: 172.16.0.100
""",
)
