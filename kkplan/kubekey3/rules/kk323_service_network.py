"""A service network that kk or Kubernetes cannot use: one that is first and IPv6, too small or too large."""

from ipaddress import IPv4Network, IPv6Network

from kkplan.kubekey3.certificates import NEEDED_SERVICE_ADDRESSES, service_addresses
from kkplan.kubekey3.networks import SERVICES, cluster_networks, invalid_parts
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

# Longest and shortest prefix, by IP version: kubeadm requires ten addresses and accepts at most 20 bits of them.
_LIMITS = {4: (12, 28), 6: (108, 124)}


def check(subject: Subject) -> Findings:
    config = subject.config
    if invalid_parts(config, SERVICES):
        return  # KK321 reports them
    networks = [one for one in cluster_networks(config) if one.path == (SERVICES,)]
    place = config.place_at("network", SERVICES)
    panics = len(service_addresses(config)) < NEEDED_SERVICE_ADDRESSES
    if panics and networks and networks[0].network.version == 6:
        yield RULE.finding(
            T("{key} starts with the IPv6 network {network}: kk panics", key=SERVICES, network=networks[0].network),
            T("Write the IPv4 network first, e.g. 10.233.0.0/18,fd00:10:96::/112"),
            at=place,
        )
        return
    if panics and not any(_is_unfit(one.network) for one in networks):
        yield RULE.finding(
            T("{key} does not start with an IPv4 network: kk panics", key=SERVICES),
            T("Write an IPv4 network first, e.g. 10.233.0.0/18"),
            at=place,
        )
    for network in filter(_is_unfit, (one.network for one in networks)):
        shortest, longest = _LIMITS[network.version]
        message = (
            T("{key} {network} has too few addresses: kk panics or kubeadm stops", key=SERVICES, network=network)
            if network.prefixlen > longest
            else T("{key} {network} is too large: kubeadm rejects it", key=SERVICES, network=network)
        )
        yield RULE.finding(message, T("Use a prefix from /{least} to /{most}", least=shortest, most=longest), at=place)


def _is_unfit(network: IPv4Network | IPv6Network) -> bool:
    shortest, longest = _LIMITS[network.version]
    return not shortest <= network.prefixlen <= longest


RULE = Rule(
    "KK323",
    Severity.ERROR,
    T("a service network that kk or Kubernetes cannot use"),
    check,
    why=T(
        "kk writes the first address of the first service network into the certificates and uses the third "
        "for DNS. Its arithmetic supports only IPv4: if the first network is IPv6 or has fewer than three "
        "addresses, kk panics in the middle of the install. kubeadm requires at least ten addresses, and rejects "
        "a network of more than 20 bits, with every Kubernetes version that kk installs."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs, CorednsClusterIP; cmd/kk/pkg/core/util/ip.go, ParseIp; kubeadm, MinimumAddressesInServiceSubnet, ValidateServiceSubnetSize",
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
