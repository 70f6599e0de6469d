"""The block of a control plane endpoint outside the cluster: an address or a DNS name, and no internal load balancer."""

from __future__ import annotations

from kkplan.cluster.cluster import Cluster
from kkplan.document.setting import Setting
from kkplan.modes.question import Answers
from kkplan.modes.shared_questions import domain_of, port_of


def address_settings(cluster: Cluster, answers: Answers, address: str) -> tuple[Setting, ...]:
    """The endpoint is this IP; an externalDNS that is true, or is no truth value, goes to false."""
    return (
        Setting("internalLoadbalancer", None, accepts=("",)),
        Setting("domain", domain_of(cluster, answers)),
        *([Setting("externalDNS", False, accepts=(None,))] if "externalDNS" in cluster.endpoint.values else []),
        Setting("address", address, quoted=True),
        Setting("port", port_of(cluster, answers)),
    )


def dns_settings(cluster: Cluster, answers: Answers, dns_name: str) -> tuple[Setting, ...]:
    """The endpoint is this name, which the site's DNS resolves."""
    return (
        Setting("internalLoadbalancer", None, accepts=("",)),
        Setting("domain", dns_name),
        Setting("externalDNS", True),
        Setting("address", "", accepts=(None,), quoted=True),
        Setting("port", port_of(cluster, answers)),
    )
