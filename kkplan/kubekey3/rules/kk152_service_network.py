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
                "the first network of kubeServiceCIDR has no three IPv4 addresses: kk panics in the middle of the install"
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
        "kk takes the first address of the network for the certificates and the third for CoreDNS, and counts in IPv4 only. Where the network is IPv6, or IPv6 comes first, or it is too small, it panics after it has changed the machines."
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
