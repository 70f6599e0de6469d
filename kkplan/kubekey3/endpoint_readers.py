"""What else of a cluster goes by the endpoint's block, and where that ends at one machine or at none.

docs/endpoint-readers.md lists every place of KubeKey 3 that reads domain, address or port.
"""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import Host, ip_of
from kkplan.document.node import Scalar
from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.hosts import internal_ipv4
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import minor_version
from kkplan.locale import T, Text, node_names

REPLACED = ("", "127.0.0.1")  # addresses that kk replaces by the first control plane's
BGP = "BGP"  # kubevip.mode, letter for letter
_FIRST_WITHOUT_RIGHTS = 29  # Kubernetes 1.29: admin.conf has no rights until late in kubeadm init
_FALSE = ("0", "f", "F", "false", "False", "FALSE")  # Go's strconv.ParseBool


def address_after_defaults(subject: Subject) -> str:
    """The address that kk goes on with where there is a control plane (default.go, SetDefaultLBCfg)."""
    endpoint = subject.endpoint
    if endpoint.address not in REPLACED or (not endpoint.address and endpoint.external_dns):
        return endpoint.address
    return internal_ipv4(subject.cluster.control_planes[0])


def cilium_goes_to(subject: Subject) -> str | None:
    """Where Cilium without kube-proxy looks for an API server; None where kk installs no such Cilium.

    kk sets k8sServiceHost to the address after its defaults (plugins/network/tasks.go, DeployCilium). Where that is
    empty, kk has put the first control plane's SSH address there when it read the new cluster's kubeconfig
    (kubernetes_status.go, LoadKubeConfig); with K3s and K8e it stays empty, and their own kube-proxy serves Cilium.
    """
    config = subject.config
    if config.text_at("network", "plugin") != "cilium" or config.value_at("kubernetes", "disableKubeProxy") is not True:
        return None
    if not subject.cluster.control_planes:
        return None
    by_ssh = "" if config.distribution in (K3S, K8E) else subject.cluster.control_planes[0].address
    return address_after_defaults(subject) or by_ssh or None


def haproxy_is_refused(subject: Subject) -> bool:
    """Whether KubeKey's HAProxy, which asks without credentials, gets no status 200 from any API server."""
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
    """Whether the Kubernetes of kubeadm has an admin.conf that kube-vip can do nothing with."""
    config = subject.config
    return (
        subject.endpoint.internal_loadbalancer == KUBE_VIP
        and config.distribution not in (K3S, K8E)
        and minor_version(config.kubernetes_version) >= _FIRST_WITHOUT_RIGHTS
    )


def control_planes_off_the_vip(subject: Subject) -> tuple[Host, ...]:
    """Those on which kube-vip would set the VIP up on the NIC of SSH, although the other one has the VIP's network.

    The prefixes of the networks are not in the file: the network is that of the address that shares more bits.
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
    """Why kube-vip would not serve its VIP; None where nothing is known that keeps it from that."""
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
            "kube-vip sets its VIP {vip} up on the NIC of {address} ({host}), which is another network",
            vip=endpoint.address,
            address=off[0].address,
            host=node_names(off[0].name),
        )
    return None


def weak_points(subject: Subject) -> Iterator[Text]:
    """What beside the nodes themselves hangs on one machine; for an endpoint that survives."""
    target = cilium_goes_to(subject)
    owner = next(iter(subject.cluster.hosts_with(target)), None) if target else None
    if owner is not None:
        yield T(
            "{name} ({address}): Cilium on every node reaches the API server there only",
            name=node_names(owner.name),
            address=target,
        )


def notes(subject: Subject) -> Iterator[Text]:
    """What the config does not tell and may take the endpoint away."""
    endpoint = subject.endpoint
    if not subject.config.skips_hosts_file:
        yield T(
            "kk writes {domain} into /etc/hosts once. With manage_etc_hosts: true, cloud-init removes the line at the next boot",
            domain=endpoint.domain,
        )
    if endpoint.internal_loadbalancer == HAPROXY and subject.cluster.workers_only:
        yield T("KubeKey's HAProxy serves its own node only: kubeconfigs elsewhere need an endpoint of their own")
