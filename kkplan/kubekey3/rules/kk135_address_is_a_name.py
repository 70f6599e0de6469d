"""An address of the endpoint that is not an IP address, or not one that a machine can have."""

from kkplan.cluster.cluster import ip_of, is_ip
from kkplan.cluster.names import is_endpoint_domain
from kkplan.document.odd_space import edge_space
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.typo_hints import half_width
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    if subject.config.skips_hosts_file or endpoint.internal_loadbalancer == HAPROXY or not endpoint.address:
        return
    if _is_of_one_machine(endpoint.address) or edge_space(endpoint.address):
        return  # KK326 reports a space
    message = (
        T("no machine can have address {address}", address=endpoint.address)
        if is_ip(endpoint.address)
        else T(
            "address {address} is not an IP address: kk's line in /etc/hosts has no effect, and only DNS can resolve "
            "{domain}",
            address=endpoint.address,
            domain=endpoint.domain,
        )
    )
    if endpoint.address == endpoint.written_domain and is_endpoint_domain(endpoint.address):
        # A load balancer's name in both keys: nodes skip the line and ask DNS.
        advice, severity = T("Check that DNS resolves it on every node, or set address to the IP"), Severity.WARNING
    else:
        advice, severity = _advice(endpoint.address), Severity.ERROR
    yield RULE.finding(message, advice, at=endpoint.place_of("address"), severity=severity)


def _is_of_one_machine(address: str) -> bool:
    """Not 0.0.0.0, nor a multicast, broadcast or loopback address. KK104 covers 127.0.0.1, which kk replaces."""
    ip = ip_of(address)
    if ip is None or address == "127.0.0.1":
        return ip is not None
    return not (ip.is_unspecified or ip.is_multicast or ip.is_loopback or address == "255.255.255.255")


def _advice(address: str) -> Text:
    meant = half_width(address)
    if meant != address and is_ip(meant):
        return T("Write {address}, without full-width characters", address=meant)
    host, separator, rest = address.partition("/")
    if separator and is_ip(host):
        return T("Write it without /{prefix}: {address}", prefix=rest, address=host)
    host, separator, port = address.rpartition(":")
    if separator and port.isdigit() and is_ip(host.strip("[]")):
        return T("Write {address}, and set the port with the key port", address=host.strip("[]"))
    if is_ip(address):
        return T("Set address to the load balancer's or to the VIP")
    return T(
        "Set address to the load balancer's IP. If it has only a DNS name, use kkplan plan --mode cloud-lb "
        "--dns-name NAME"
    )


RULE = Rule(
    "KK135",
    Severity.ERROR,
    T("the endpoint's address is not the IP address of a machine"),
    check,
    why=T(
        "kk writes address and domain as one line into every node's /etc/hosts. This file takes only IP "
        "addresses; a line that begins with a name is skipped. The domain does not resolve, and the first "
        "control plane waits for an endpoint that never answers."
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
