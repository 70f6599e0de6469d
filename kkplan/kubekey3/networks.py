"""The networks inside a cluster: from the config, or KubeKey's defaults."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

from kkplan.kubekey3.config import Config

# Key of spec.network → default (cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultPodsCIDR and DefaultServiceCIDR).
PODS, SERVICES = "kubePodsCIDR", "kubeServiceCIDR"
NETWORK_KEYS = {PODS: "10.233.64.0/18", SERVICES: "10.233.0.0/18"}
_KUBEOVN = "kubeovn"
_JOIN = ("kubeovn", "joinCIDR")  # only if plugin is kubeovn
_MOST = 8  # kk accepts an IPv4 and an IPv6 network; all pairs are compared
_DEFAULT_JOIN = "100.64.0.0/16"  # default.go, DefaultJoinCIDR


class ClusterNetwork(NamedTuple):
    """A network and its place under spec.network.

    Attributes:
        path: the keys.
    """

    path: tuple[str, ...]
    network: IPv4Network | IPv6Network

    @property
    def key(self) -> str:
        """The last key, as the network's name."""
        return self.path[-1]


def invalid_parts(config: Config, key: str) -> list[str]:
    """The comma-separated parts under spec.network that are not written as network/prefix."""
    return [part for part in config.text_at("network", key).split(",") if part and not is_network(part)]


def is_network(text: str) -> bool:
    """Whether the text is written as network/prefix, with no bits set after the prefix."""
    try:
        return bool(ip_network(text)) and "/" in text
    except ValueError:
        return False


def cluster_networks(config: Config) -> tuple[ClusterNetwork, ...]:
    """Networks of pods and services, and Kube-OVN's join network, IPv4 and IPv6. Invalid networks are skipped."""
    found = []
    defaults: dict[tuple[str, ...], str] = {(key,): default for key, default in NETWORK_KEYS.items()}
    if config.text_at("network", "plugin") == _KUBEOVN:
        defaults[_JOIN] = _DEFAULT_JOIN
    for path, default in defaults.items():
        for part in (config.text_at("network", *path) or default).split(",", _MOST)[:_MOST]:
            try:
                found.append(ClusterNetwork(path, ip_network(part.strip(), strict=False)))
            except ValueError:
                continue
    return tuple(found)
