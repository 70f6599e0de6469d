"""A network of services in which kk cannot count."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.certificates import NEEDED_SERVICE_ADDRESSES, service_addresses
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a kubeServiceCIDR whose first network is no IPv4 one, or too small."""
    config = subject.config
    if len(service_addresses(config)) < NEEDED_SERVICE_ADDRESSES:
        yield RULE.finding(
            T(
                "kubeServiceCIDR does not begin with an IPv4 network of three addresses or more: kk panics during the install"
            ),
            T("Write an IPv4 network first, /29 or larger: 10.233.0.0/18"),
            at=config.place_at("network", "kubeServiceCIDR"),
        )


RULE = Rule(
    "KK152",
    Severity.ERROR,
    T("a service network that makes kk panic"),
    check,
    why=T(
        "kk puts the first address of the network into the certificates and gives the third to CoreDNS. It can count IPv4 addresses only. If the network is IPv6, if IPv6 comes first, or if the network is too small, kk panics when it has already changed the machines."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs, CorednsClusterIP; cmd/kk/pkg/core/util/ip.go, ParseIp",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: fd85::/48,10.233.64.0/18
  kubeServiceCIDR: fd86::/112,10.233.0.0/18
""",
    good="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
  kubeServiceCIDR: 10.233.0.0/18
""",
)
