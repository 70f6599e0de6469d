"""Several control planes without a load balancer, where all nodes depend on the first one."""

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint, is_kube_vip_without_address
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    effective = effective_endpoint(subject)
    if (
        effective.route is Route.FIRST_CONTROL_PLANE
        and not is_kube_vip_without_address(subject.endpoint)
        and not subject.endpoint.address
    ):
        yield RULE.finding(
            T(
                "{count} control planes but no endpoint: every node depends on {address}. If that machine fails, no "
                "node reaches an API server",
                count=len(cluster.control_planes),
                address=effective.address,
            ),
            T("Choose an HA mode: internal-haproxy, cloud-lb or keepalived"),
            at=subject.endpoint.place,
        )
    elif effective.route is Route.ADDRESS and not subject.endpoint.address and not subject.endpoint.external_dns:
        yield RULE.finding(
            T(
                "no load balancer set, and with skipConfigureOS kk does not write /etc/hosts: your DNS or /etc/hosts "
                "must point {domain} to a load balancer",
                domain=subject.endpoint.domain,
            ),
            T("Set address to the load balancer's, or set externalDNS: true"),
            at=subject.endpoint.place,
            severity=Severity.WARNING,
        )


RULE = Rule(
    "KK102",
    Severity.ERROR,
    T("several control planes without an endpoint"),
    check,
    until_survives=True,
    why=T(
        "kk prints a warning that scrolls away. Then it writes the endpoint's domain with the first control "
        "plane's address into the /etc/hosts of every node. The cluster works and looks highly available "
        "until that machine fails; then no node reaches an API server. With system.skipConfigureOS, kk does "
        "not write /etc/hosts, and the domain leads where you point it."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultLBCfg; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts",
    bad="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: ""
  port: 6443
""",
    good="""\
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
  domain: lb.kubesphere.local
  address: ""
  port: 6443
""",
)
