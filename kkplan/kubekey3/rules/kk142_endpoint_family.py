"""An IPv6 endpoint with hosts that have only IPv4 addresses, or the reverse."""

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = ip_of(subject.endpoint.address)
    if endpoint is None or endpoint.is_loopback or subject.endpoint.internal_loadbalancer == HAPROXY:
        return
    texts = (text for host in subject.cluster.hosts for text in host.addresses)
    known = [address for text in texts if (address := ip_of(text)) is not None]
    if known and all(address.version != endpoint.version for address in known):
        yield RULE.finding(
            T(
                "address {address} is IPv{version}, but no host in this file has an IPv{version} address: nodes "
                "without one cannot reach the endpoint",
                address=subject.endpoint.address,
                version=endpoint.version,
            ),
            T("Use an IPv{version} address, unless the nodes have both families", version=known[0].version),
            at=subject.endpoint.place_of("address"),
        )


RULE = Rule(
    "KK142",
    Severity.WARNING,
    T("an endpoint with an IP family that no host has"),
    check,
    why=T(
        "kk writes the address into every node's /etc/hosts, and kubelets, kube-proxy and kubectl connect to "
        "it. A node without an address of that family has no route to the endpoint. kubeadm waits for the "
        "API server, and the install fails."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts",
    bad="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: "fd00::100"
  port: 6443
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: "172.16.0.100"
  port: 6443
""",
)
