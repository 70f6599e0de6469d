"""The control plane endpoint: cluster_types.go, ControlPlaneEndpoint; default.go, SetDefaultLBCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, at, block, choice, port, sourced, switch, text

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"

_ENDPOINT: Keys = {
    "internalLoadbalancer": choice(
        "内部负载均衡",
        "A load balancer that kk sets up inside the cluster. kk silently treats any other value as empty.",
        "haproxy",
        "kube-vip",
        default="",
    ),
    "domain": text(
        "端点域名",
        "The name of the endpoint: in kubeadm's endpoint, the certificates and every node's /etc/hosts.",
        default="lb.kubesphere.local",
        form="name",
    ),
    "externalDNS": switch(
        "域名由外部 DNS 解析", "The site's own DNS resolves the domain. Leave address empty then.", default=False
    ),
    "address": text(
        "负载均衡地址",
        "The IP of the load balancer, or the VIP. Must be empty with haproxy. Otherwise, an empty address means the first control plane's IP.",
        default="",
        form="host",
    ),
    "port": port(
        "端点端口", "The port of the endpoint; the API servers themselves always listen on 6443.", default=6443
    ),
    "kubevip": at("kubevip"),
}

DEFINITIONS: Keys = {
    "controlPlaneEndpoint": sourced(
        f"{_TYPES}: ControlPlaneEndpoint; {_DEFAULTS}: SetDefaultLBCfg",
        block("控制平面端点", "Where nodes and clients find the API servers.", _ENDPOINT),
    ),
    "kubevip": sourced(
        f"{_TYPES}: KubeVip",
        block(
            "kube-vip",
            "Settings of kube-vip; read only if internalLoadbalancer is kube-vip.",
            {"mode": choice("kube-vip 模式", "How the VIP is announced.", "ARP", "BGP", default="ARP")},
        ),
    ),
}
