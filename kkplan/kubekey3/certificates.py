"""The names and addresses in the API servers' certificates (cluster_types.go, GenerateCertSANs; core/util/ip.go, ParseIp)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from itertools import islice

from kkplan.cluster.cluster import ip_of
from kkplan.document.node import Scalar
from kkplan.document.scalar import is_null
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.hosts import WrittenHost
from kkplan.kubekey3.networks import NETWORK_KEYS

DEFAULT_DNS_DOMAIN = "cluster.local"  # default.go, DefaultDNSDomain
# CoreDNS gets the third address of the network (cluster_types.go, CorednsClusterIP).
NEEDED_SERVICE_ADDRESSES = 3


def cert_sans(config: Config, domain: str, address: str) -> tuple[str, ...]:
    """Every SAN that kk writes into the certificates, once; empty if kk panics before.

    Args:
        address: the endpoint's address after kk's defaults; "" if it has none.
    """
    service = next(iter(service_addresses(config)), "")
    if not service:
        return ()
    dns_domain = config.text_at("kubernetes", "dnsDomain") or DEFAULT_DNS_DOMAIN
    names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{dns_domain}"]
    names += ["localhost", "127.0.0.1", domain, *([address] if address else [])]
    for host in config.hosts:
        names += _names_of_host(host.source, dns_domain, address)
    items = config.items_at("kubernetes", "apiserverCertExtraSans")
    extra = (item.value for item in items if isinstance(item, Scalar) and not is_null(item))
    return tuple(dict.fromkeys((*names, service, *extra)))


def _names_of_host(host: WrittenHost, dns_domain: str, endpoint: str) -> Iterator[str]:
    """The addresses as written: kk trims nothing, and uses an IPv6 address only if there are exactly two."""
    first, *others = (host.internal or host.address).split(",")
    yield from (host.name, f"{host.name}.{dns_domain}")
    yield from (own for own in (host.address or host.internal, first) if own != endpoint)
    if len(others) == 1:
        yield others[0]


def service_addresses(config: Config) -> tuple[str, ...]:
    """The first addresses of the service network, as many as kk needs at most.

    With fewer, kk panics. It cannot count IPv6 addresses.
    """
    key = "kubeServiceCIDR"
    written = (config.text_at("network", key) or NETWORK_KEYS[key]).split(",")[0].rstrip("/")
    if "/32" in written:
        return (written.replace("/32", ""),) * NEEDED_SERVICE_ADDRESSES
    if "/" not in written:
        return (written.partition("-")[0],) * NEEDED_SERVICE_ADDRESSES
    network = _network(written.strip())
    hosts = network.hosts() if network is not None and network.prefixlen < 31 else iter(())
    return tuple(map(str, islice(hosts, NEEDED_SERVICE_ADDRESSES)))


def _network(text: str) -> IPv4Network | None:
    address, _, mask = text.partition("/")
    try:
        network = ip_network(f"{address}/{mask}", strict=False) if ip_of(address) is not None else None
    except ValueError:
        return None
    return network if isinstance(network, IPv4Network) else None
