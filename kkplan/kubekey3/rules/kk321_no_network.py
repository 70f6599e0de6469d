"""kubePodsCIDR or kubeServiceCIDR that is no network."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from kkplan.kubekey3.networks import NETWORK_KEYS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find parts, between commas, that are not written as network/prefix."""
    config = subject.config
    for key in NETWORK_KEYS:
        for part in config.text_at("network", key).split(","):
            try:
                is_network = not part or bool(ip_network(part) and "/" in part)
            except ValueError:
                is_network = False
            if not is_network:
                yield RULE.finding(
                    T("{key}: {text} is no network", key=key, text=part),
                    T("Write the first address and the prefix, IPv4 and IPv6 parted by a comma: 10.233.64.0/18"),
                    at=config.place_at("network", key),
                )


RULE = Rule(
    "KK321",
    Severity.ERROR,
    T("a pod or service network that is none"),
    check,
    why=T(
        "The networks go into kubeadm's configuration and into that of the network plugin as they are. kubeadm refuses an address with bits behind the prefix or without one, once the machines are prepared; blanks after the comma count as a part of the address."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultNetworkCfg; kubeadm, cmd/kubeadm/app/apis/kubeadm/validation, ValidateNetworking",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.1/18
""",
    good="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
""",
)
