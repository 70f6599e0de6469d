"""An IP address instead of the endpoint's name."""

from kkplan.cluster.cluster import is_ip
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    if is_ip(endpoint.domain):
        yield RULE.finding(
            T(
                "domain {domain} is an IP address, but kk writes it into /etc/hosts as a name",
                domain=endpoint.domain,
            ),
            T("Use a name, e.g. --domain lb.kubesphere.local"),
            at=endpoint.place_of("domain"),
        )


RULE = Rule(
    "KK120",
    Severity.WARNING,
    T("the endpoint's domain is an IP address"),
    check,
    why=T(
        "kk writes the domain as a name into every node's /etc/hosts and into kubeadm's endpoint. But an IP "
        "address is never looked up: nodes and kubeconfigs connect to that IP, regardless of address. With "
        "internal HAProxy, kubeconfigs bypass the proxy. kk writes an IPv6 address without brackets, so its "
        "port is read as part of the address."
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
