"""Several control planes without a load balancer."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint, is_kube_vip_without_address
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a cluster whose control planes hang on the first one."""
    cluster = subject.cluster
    effective = effective_endpoint(subject)
    if (
        effective.route is Route.FIRST_CONTROL_PLANE
        and not is_kube_vip_without_address(subject.endpoint)
        and not subject.endpoint.address
    ):
        yield RULE.finding(
            T(
                "{count} control planes, but no endpoint: every node depends on {address}. When that machine dies, the cluster is lost",
                count=len(cluster.control_planes),
                address=effective.address,
            ),
            T("Choose a way: internal-haproxy, cloud-lb or keepalived"),
            at=subject.endpoint.place,
        )
    elif effective.route is Route.ADDRESS and not subject.endpoint.address and not subject.endpoint.external_dns:
        yield RULE.finding(
            T(
                "no load balancer is named, and with skipConfigureOS kk does not write /etc/hosts: {domain} has to lead to one by your DNS or /etc/hosts",
                domain=subject.endpoint.domain,
            ),
            T("Give the load balancer's address, or say externalDNS: true"),
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
        "kk prints a warning that scrolls away, and writes the first control plane's address for the endpoint's domain into /etc/hosts of every node. The cluster works and looks highly available, until that machine dies: then no node reaches an API server. With system.skipConfigureOS it leaves that file alone: who answers is then yours to set."
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
