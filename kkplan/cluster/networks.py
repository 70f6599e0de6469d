"""The networks inside a cluster: those of the config, and KubeKey's defaults where it names none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from kkplan.cluster.config import Config

# Key of spec.network → default (cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultPodsCIDR and DefaultServiceCIDR).
NETWORK_KEYS = {"kubePodsCIDR": "10.233.64.0/18", "kubeServiceCIDR": "10.233.0.0/18"}


@dataclass(frozen=True)
class ClusterNetwork:
    """A network, and the key of spec.network that it is of."""

    key: str
    network: IPv4Network | IPv6Network


def cluster_networks(config: Config) -> tuple[ClusterNetwork, ...]:
    """Those of pods and services, IPv4 and IPv6; what is no network is left out."""
    return tuple(_networks(config))


def _networks(config: Config) -> Iterator[ClusterNetwork]:
    for key, default in NETWORK_KEYS.items():
        for part in (config.text_at("network", key) or default).split(","):
            try:
                yield ClusterNetwork(key, ip_network(part.strip(), strict=False))
            except ValueError:
                continue
