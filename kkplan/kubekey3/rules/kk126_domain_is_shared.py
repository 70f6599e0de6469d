"""A domain that is also another name in /etc/hosts, where the first line with a name wins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.cluster.cluster import same_address
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_DEFAULT_CLUSTER_NAME = "cluster.local"  # default.go, DefaultClusterName
_DEFAULT_REGISTRY = "dockerhub.kubekey.local"  # pkg/bootstrap/registry, RegistryCertificateBaseName


def check(subject: Subject) -> Iterator[Finding]:
    """Find the domain among the names that kk writes before it, and names that kk's sed script would match."""
    config = subject.config
    if config.skips_hosts_file:
        return
    domain = subject.endpoint.domain.casefold()
    # What `s#.* DOMAIN#127.0.0.1 DOMAIN#g` changes: dots stand for any character.
    hit = re.compile(re.escape(subject.endpoint.domain).replace("\\.", "."))
    by_haproxy = subject.endpoint.internal_loadbalancer == HAPROXY
    for owner, name, address in _names(config, hit):
        if name.casefold() == domain and not same_address(address, subject.endpoint.address):
            yield RULE.finding(
                T(
                    "domain {domain} is also a name of {owner}, which comes first in /etc/hosts: nodes go there instead",
                    domain=subject.endpoint.domain,
                    owner=owner,
                ),
                T("Choose a domain that is not used for anything else"),
                at=subject.endpoint.place_of("domain"),
            )
            return
        if by_haproxy and name.casefold() != domain and hit.match(name):
            yield RULE.finding(
                T(
                    "kk's script for /etc/hosts also matches {name}, a name of {owner}, and turns its line into one for "
                    "the endpoint",
                    name=name,
                    owner=owner,
                ),
                T("Choose a domain that is not the beginning of another name"),
                at=subject.endpoint.place_of("domain"),
            )
            return


def _names(config: Config, hit: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Owner, name and address of each name in the order kk writes them; hosts only if one of them matches."""
    suffix = config.text_at("kubernetes", "clusterName") or _DEFAULT_CLUSTER_NAME
    # One search over all names is fast. A host's long name starts with its short one.
    long_names = "".join([f"{host.name}.{suffix}\n" for host in config.hosts]).casefold()
    if re.search(rf"^{hit.pattern.casefold()}", long_names, re.MULTILINE):
        for host in config.hosts:
            yield host.name, f"{host.name}.{suffix}", host.internal_address
            yield host.name, host.name, host.internal_address
    registry = config.hosts_in("registry")
    if registry:
        named = config.text_at("registry", "privateRegistry").partition("/")[0]
        owner = "registry.privateRegistry" if named else "roleGroups.registry"
        yield owner, named or _DEFAULT_REGISTRY, registry[0].internal_address
    for line in config.text_at("dns", "nodeEtcHosts").splitlines():
        words = line.partition("#")[0].split()
        for name in words[1:]:
            yield "dns.nodeEtcHosts", name, words[0]


RULE = Rule(
    "KK126",
    Severity.ERROR,
    T("the endpoint's domain is already used in /etc/hosts"),
    check,
    why=T(
        "kk writes /etc/hosts of every node in this order: names of hosts, the registry and dns.nodeEtcHosts "
        "first, the endpoint's domain last. The first line with a name wins, so nodes go to the other "
        "machine. With internal HAProxy, a sed script then replaces every line that has a name beginning "
        "with the domain."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/loadbalancer/tasks.go, UpdateHosts; hosts(5)",
    bad="""\
controlPlaneEndpoint:
  domain: master1
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: 172.16.0.100
""",
)
