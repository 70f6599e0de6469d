"""A service network that kk or Kubernetes cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from kkplan.document.place import Place
from kkplan.kubekey3.networks import SERVICES, cluster_networks
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

# Longest and shortest prefix, by IP version: kubeadm wants ten addresses, kube-apiserver at most 20 bits of them.
_LIMITS = {4: (12, 28), 6: (108, 124)}


def check(subject: Subject) -> Iterator[Finding]:
    """Find an IPv6 network in the first place, and networks that are too small or too large."""
    config = subject.config
    networks = [one for one in cluster_networks(config) if one.path == (SERVICES,)]
    place = config.place_at("network", SERVICES)
    if networks and networks[0].network.version == 6:
        yield RULE.finding(
            T("{key} begins with the IPv6 network {network}: kk panics", key=SERVICES, network=networks[0].network),
            T("Write the IPv4 network first: 10.233.0.0/18,fd00:10:96::/112"),
            at=place,
        )
        return
    for one in networks:
        shortest, longest = _LIMITS[one.network.version]
        if one.network.prefixlen > longest:
            yield _finding(
                one.network,
                place,
                T(
                    "{key} {network} has too few addresses: kk panics or kubeadm stops",
                    key=SERVICES,
                    network=one.network,
                ),
            )
        elif one.network.prefixlen < shortest:
            yield _finding(
                one.network,
                place,
                T("{key} {network} is too large: kube-apiserver does not start", key=SERVICES, network=one.network),
            )


def _finding(network: IPv4Network | IPv6Network, place: Place, message: Text) -> Finding:
    shortest, longest = _LIMITS[network.version]
    return RULE.finding(message, T("Use a prefix from /{least} to /{most}", least=shortest, most=longest), at=place)


RULE = Rule(
    "KK323",
    Severity.ERROR,
    T("a service network that kk or Kubernetes cannot use"),
    check,
    why=T(
        "kk takes the first address of the first service network into the certificates, and the third for DNS, by arithmetic that knows IPv4 only: an IPv6 network in front, or one without three addresses, is a panic in the middle of the install. kubeadm wants ten addresses at least, and kube-apiserver refuses a network of more than 20 bits."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs, CorednsClusterIP; cmd/kk/pkg/core/util/ip.go, ParseIp (run); kubeadm, MinimumAddressesInServiceSubnet; kube-apiserver(8), --service-cluster-ip-range",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
  kubeServiceCIDR: 10.233.0.0/30
""",
    good="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
  kubeServiceCIDR: 10.233.0.0/18
""",
)
