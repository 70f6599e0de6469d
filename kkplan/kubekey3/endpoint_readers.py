"""Other parts of a cluster that use the endpoint's block, and where they depend on one machine or fail.

docs/endpoint-readers.md lists every place of KubeKey 3 that reads domain, address or port.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.cluster.cluster import Host, ip_of, same_address
from kkplan.document.node import Scalar
from kkplan.kubekey3.config import K3S, K8E, Config
from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.hosts import internal_ipv4
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import minor_version
from kkplan.locale import T, Text, node_names

REPLACED = ("", "127.0.0.1")  # addresses that kk replaces with the first control plane's
BGP = "BGP"  # kubevip.mode, exactly so
_FIRST_WITHOUT_RIGHTS = 29  # Kubernetes 1.29: admin.conf has no permissions until late in kubeadm init
_DEFAULT_CLUSTER_NAME = "cluster.local"  # default.go, DefaultClusterName
_DEFAULT_REGISTRY = "dockerhub.kubekey.local"  # pkg/bootstrap/registry, RegistryCertificateBaseName
_FALSE = ("0", "f", "F", "false", "False", "FALSE")  # Go's strconv.ParseBool


def address_after_defaults(subject: Subject) -> str:
    """The address after kk's defaults, in a cluster with a control plane (default.go, SetDefaultLBCfg)."""
    endpoint = subject.endpoint
    if endpoint.address not in REPLACED or (not endpoint.address and endpoint.external_dns):
        return endpoint.address
    return internal_ipv4(subject.cluster.control_planes[0])


def cilium_goes_to(subject: Subject) -> str | None:
    """Where Cilium without kube-proxy connects to an API server; None if kk does not install it like this.

    kk sets k8sServiceHost to the address after its defaults (plugins/network/tasks.go, DeployCilium). If that is empty,
    kk sets it to the first control plane's SSH address when it reads the new cluster's kubeconfig
    (kubernetes_status.go, LoadKubeConfig). With K3s and K8e it stays empty, and their own kube-proxy serves Cilium.
    """
    config = subject.config
    if config.text_at("network", "plugin") != "cilium" or config.value_at("kubernetes", "disableKubeProxy") is not True:
        return None
    if not subject.cluster.control_planes:
        return None
    by_ssh = "" if config.distribution in (K3S, K8E) else subject.cluster.control_planes[0].address
    return address_after_defaults(subject) or by_ssh or None


def haproxy_is_refused(subject: Subject) -> bool:
    """Whether the health checks of KubeKey's HAProxy, which have no credentials, fail at every API server."""
    config = subject.config
    is_there = subject.endpoint.internal_loadbalancer == HAPROXY and bool(subject.cluster.workers_only)
    if not is_there or config.distribution in (K3S, K8E):
        return False
    values = [
        item.value.partition("=")[2]
        for item in config.items_at("kubernetes", "apiserverArgs")
        if isinstance(item, Scalar) and item.value.partition("=")[0].lstrip("-") == "anonymous-auth"
    ]
    return bool(values) and values[-1] in _FALSE


def kube_vip_never_starts(subject: Subject) -> bool:
    """Whether kubeadm's admin.conf has no permissions yet when kube-vip starts."""
    config = subject.config
    return (
        subject.endpoint.internal_loadbalancer == KUBE_VIP
        and config.distribution not in (K3S, K8E)
        and minor_version(config.kubernetes_version) >= _FIRST_WITHOUT_RIGHTS
    )


def control_planes_off_the_vip(subject: Subject) -> tuple[Host, ...]:
    """Control planes where kube-vip would set up the VIP on the NIC of SSH, although another NIC has the VIP's network.

    The file has no network prefixes: the address that shares more bits with the VIP counts as its network.
    """
    endpoint = subject.endpoint
    vip = ip_of(endpoint.address)
    if endpoint.internal_loadbalancer != KUBE_VIP or endpoint.kubevip_mode == BGP or vip is None:
        return ()
    found = []
    for host in subject.cluster.control_planes:
        outer, inner = ip_of(host.address), ip_of(host.internal_address)
        if outer is None or inner is None or not vip.version == outer.version == inner.version:
            continue
        if (int(vip) ^ int(inner)).bit_length() < (int(vip) ^ int(outer)).bit_length():
            found.append(host)
    return tuple(found)


def kube_vip_fault(subject: Subject) -> Text | None:
    """Why kube-vip would not serve its VIP; None if no reason is known."""
    endpoint = subject.endpoint
    if kube_vip_never_starts(subject):
        return T("kube-vip does not start with Kubernetes {version}", version=subject.config.kubernetes_version)
    if endpoint.kubevip_mode == BGP:
        return T("kube-vip in BGP mode announces its VIP to no router")
    vip = ip_of(endpoint.address)
    if vip is not None and vip.version == 6:
        return T("kube-vip cannot hold an IPv6 VIP")
    off = control_planes_off_the_vip(subject)
    if off:
        return T(
            "kube-vip sets up its VIP {vip} on the NIC of {address} ({host}), which is in another network",
            vip=endpoint.address,
            address=off[0].address,
            host=node_names(off[0].name),
        )
    return None


def earlier_line(subject: Subject) -> tuple[str, str] | None:
    """Owner and address of the line in /etc/hosts that has the domain before kk's own, and leads elsewhere."""
    cluster, domain = subject.cluster, subject.endpoint.domain
    own = address_after_defaults(subject) if cluster.control_planes else subject.endpoint.address
    for owner, name, address in earlier_names(subject.config, re.compile(re.escape(domain))):
        if name.casefold() == domain.casefold():
            return None if same_address(address, own) else (owner, address)
    return None


def earlier_names(config: Config, hit: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Owner, name and address of each name that kk writes into /etc/hosts before the endpoint's, in this order.

    Args:
        hit: what the caller looks for; hosts come only if one of their names begins with it.
    """
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


def weak_points(subject: Subject) -> Iterator[Text]:
    """Other parts of the cluster that depend on one machine, although the endpoint itself survives."""
    target = cilium_goes_to(subject)
    owner = next(iter(subject.cluster.hosts_with(target)), None) if target else None
    if owner is not None:
        yield T(
            "{name} ({address}): Cilium on every node reaches the API server only there",
            name=node_names(owner.name),
            address=target,
        )


def notes(subject: Subject) -> Iterator[Text]:
    """Risks for the endpoint that the config does not show."""
    endpoint = subject.endpoint
    if not subject.config.skips_hosts_file:
        yield T(
            "kk writes {domain} into /etc/hosts only once. With manage_etc_hosts: true, cloud-init removes the "
            "line at the next boot",
            domain=endpoint.domain,
        )
    if endpoint.internal_loadbalancer == HAPROXY and subject.cluster.workers_only:
        yield T("KubeKey's HAProxy serves only its own node: kubeconfigs used elsewhere need another endpoint")
