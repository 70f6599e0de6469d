"""externalDNS without an address: /etc/hosts overrides the DNS name."""

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    effective = effective_endpoint(subject)
    if effective.route is Route.SHADOWED_DNS:
        yield RULE.finding(
            T(
                "kk writes `{address} {domain}` into every node's /etc/hosts even with externalDNS: true. Nodes go "
                "to that one control plane and not where DNS points",
                address=effective.address,
                domain=effective.domain,
            ),
            T(
                "Set address to the load balancer's IP, or set system.skipConfigureOS: true and manage /etc/hosts yourself"
            ),
            at=subject.endpoint.place_of("externalDNS"),
        )


RULE = Rule(
    "KK115",
    Severity.WARNING,
    T("/etc/hosts overrides the endpoint's DNS name"),
    check,
    why=T(
        "externalDNS means that DNS resolves the domain, so kk leaves the address empty. But its script for "
        "the nodes treats an empty address as missing. It writes the domain with the first control plane's "
        "IP into /etc/hosts, and nodes read that file before they ask DNS."
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
