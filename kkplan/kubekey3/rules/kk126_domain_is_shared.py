"""The domain is a name that /etc/hosts has for something else as well; the first line of a name wins."""

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
    """Find the domain among the names that kk writes before it, and names that its sed script would take for it."""
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
                    "the domain {domain} is also a name of {owner}, whose line in /etc/hosts stands first: nodes go there",
                    domain=subject.endpoint.domain,
                    owner=owner,
                ),
                T("Choose a domain that nothing else has"),
                at=subject.endpoint.place_of("domain"),
            )
            return
        if by_haproxy and name.casefold() != domain and hit.match(name):
            yield RULE.finding(
                T(
                    "kk's script for /etc/hosts also hits {name}, the name of {owner}: its line becomes one of the endpoint",
                    name=name,
                    owner=owner,
                ),
                T("Choose a domain that no other name begins with"),
                at=subject.endpoint.place_of("domain"),
            )
            return


def _names(config: Config, hit: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Whose name, the name, its address: in the order in which kk writes them; hosts only where one of them is hit."""
    suffix = config.text_at("kubernetes", "clusterName") or _DEFAULT_CLUSTER_NAME
    # A look at thousands of names together takes no time; a host's short name begins as its long one does.
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
    T("the endpoint's domain is the name of something else in /etc/hosts"),
    check,
    why=T(
        "kk writes the hosts' names, the registry's and those of dns.nodeEtcHosts into every node's /etc/hosts first and "
        "the endpoint's domain last. The first line of a name wins, so nodes talk to the other machine. With internal "
        "HAProxy, a sed script then replaces every line in which something begins with the domain."
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
