"""The pod network: network_types.go; default.go, SetDefaultNetworkCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    Node,
    at,
    block,
    choice,
    enabled,
    listed,
    mapped,
    needed,
    number,
    sourced,
    switch,
    text,
    texts,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/network_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"
_TASKS = "cmd/kk/pkg/plugins/network/tasks.go"
_MODES = ("Always", "CrossSubnet", "Never")

_NETWORK: Keys = {
    "plugin": choice(
        "网络插件",
        "The network plugin. For any other text, kk silently installs no plugin; `none` does so on purpose.",
        "calico",
        "flannel",
        "cilium",
        "kubeovn",
        "hybridnet",
        "none",
        default="calico",
    ),
    "kubePodsCIDR": text(
        "Pod 网段", "Addresses of pods: IPv4, or `IPv4,IPv6` for dual stack.", default="10.233.64.0/18", form="host"
    ),
    "kubeServiceCIDR": text(
        "Service 网段",
        "Addresses of services: IPv4, or `IPv4,IPv6` for dual stack.",
        default="10.233.0.0/18",
        form="host",
    ),
    "calico": at("calico"),
    "flannel": at("flannel"),
    "kubeovn": at("kubeovn"),
    "multusCNI": enabled("Multus", "Install Multus, so that a pod can have several networks."),
    "hybridnet": at("hybridnet"),
}

_CALICO: Keys = {
    "ipipMode": choice(
        "IPIP 模式",
        "When to encapsulate packets in IPIP; must be Never if vxlanMode is not.",
        *_MODES,
        default="Always",
    ),
    "vxlanMode": choice(
        "VXLAN 模式",
        "When to encapsulate packets in VXLAN; must be Never if ipipMode is not.",
        *_MODES,
        default="Never",
    ),
    "vethMTU": number("veth MTU", "The MTU of the pods' interfaces; 0: detected by Calico.", default=0),
    "ipv4NatOutgoing": switch("IPv4 出站 NAT", "Masquerade traffic that leaves the pod network.", default=False),
    "ipv6NatOutgoing": switch("IPv6 出站 NAT", "The same for IPv6.", default=False),
    "defaultIPPOOL": switch("创建默认 IP 池", "Create an IP pool from kubePodsCIDR.", default=True),
    "enableTypha": switch(
        "启用 Typha", "Run Typha even with 50 nodes or fewer; with more, it always runs.", default=False
    ),
    "typha": at("calicoTypha"),
    "controller": at("calicoController"),
    "ipAutoDetectionMethod": text(
        "IP 自动探测方式", "How Calico picks a node's address. In releases after 3.1.8.", examples=["interface=eth0"]
    ),
}


def _placed(title: str, name: str) -> Node:
    """Left open: only the uses of these structs have been read in KubeKey's source, not the structs."""
    keys = {
        "replicas": number(f"{title}副本数", f"How many replicas of {name} run."),
        "nodeSelector": mapped(
            f"{title}节点选择器", f"Labels of the nodes that run {name}.", {"type": ["string", "null"]}
        ),
    }
    node = {**block(title, f"Where {name} runs.", keys), "additionalProperties": True}
    return sourced(f"{_TASKS}: GenerateCalicoManifests", node)


_FLANNEL: Keys = {
    "backendMode": text(
        "后端模式", "How Flannel transports packets.", default="vxlan", examples=["vxlan", "host-gw"], form="name"
    ),
    "directRouting": switch("直接路由", "No VXLAN between nodes of one subnet.", default=False),
}

_CONTROLLER: Keys = {
    "podGateway": text("Pod 网关", "The gateway of the pods' subnet.", default="10.233.64.1", form="host"),
    "checkGateway": switch("检查网关", "Check that the gateway answers when a pod starts.", default=True),
    "logicalGateway": switch("逻辑网关", "The gateway is a logical one.", default=False),
    "excludeIps": text("排除的地址", "Addresses that pods do not get, `first..last`.", form="host"),
    "networkType": text(
        "网络类型", "The default network's type.", default="geneve", examples=["geneve", "vlan"], form="name"
    ),
    "vlanInterfaceName": text("VLAN 网卡", "The interface for VLAN networks.", form="name"),
    "vlanID": text("VLAN 编号", "The VLAN's id, a string.", default="100", form="version"),
    "podNicType": text(
        "Pod 网卡类型",
        "Type of the pods' interfaces.",
        default="veth-pair",
        examples=["veth-pair", "internal-port"],
        form="name",
    ),
    "enableLB": switch("启用负载均衡", "OVN serves services instead of kube-proxy.", default=True),
    "enableNP": switch("启用网络策略", "Enable network policies.", default=True),
    "enableEipSnat": switch("启用 EIP 与 SNAT", "Allow external addresses for pods.", default=True),
    "enableExternalVPC": switch("启用外部 VPC", "Watch VPCs created outside Kubernetes.", default=True),
}
_CNI: Keys = {
    "enableMirror": switch("启用流量镜像", "Mirror the pods' traffic.", default=False),
    "iface": text("网卡", "The interface between the nodes.", form="name"),
    "CNIConfigPriority": text(
        "CNI 配置优先级",
        "The number at the start of the CNI config's file name, a string.",
        default="01",
        form="version",
    ),
    "modules": text("内核模块", "Kernel modules to load.", default="kube_ovn_fastpath.ko", form="name"),
    "RPMs": text("RPM 包", "Packages to install.", default="openvswitch-kmod", form="name"),
}
_PINGER: Keys = {
    "pingerExternalAddress": text(
        "外部探测地址", "An address for the pinger to ping.", default="114.114.114.114", form="host"
    ),
    "pingerExternalDomain": text("外部探测域名", "A name for the pinger to resolve.", form="name"),
}
_DPDK: Keys = {
    "dpdkMode": switch("DPDK 模式", "Use DPDK.", default=False),
    "dpdkTunnelIface": text("DPDK 隧道网卡", "The interface for tunnels.", default="br-phy", form="name"),
    "dpdkVersion": text("DPDK 版本", "DPDK's version, a string in quotes.", default="19.11", form="version"),
}
_KUBEOVN: Keys = {
    "enableSSL": switch("启用 SSL", "Use TLS for OVN's databases.", default=False),
    "joinCIDR": text("Join 网段", "Addresses between nodes and pods.", default="100.64.0.0/16", form="host"),
    "label": text(
        "节点标签",
        "The label of the nodes that run OVN's databases.",
        default="node-role.kubernetes.io/control-plane",
        form="location",
    ),
    "tunnelType": text(
        "隧道类型",
        "Type of the tunnels between nodes.",
        default="geneve",
        examples=["geneve", "vxlan", "stt"],
        form="name",
    ),
    "svcYamlIpfamilypolicy": text("Service 的 IP 族策略", "ipFamilyPolicy of Kube-OVN's services.", form="name"),
    "dpdk": at("kubeovnDpdk"),
    "ovs-ovn": block(
        "ovs-ovn",
        "Settings of ovs-ovn.",
        {"hwOffload": switch("硬件卸载", "Offload Open vSwitch to the network card.", default=False)},
    ),
    "kube-ovn-controller": at("kubeovnController"),
    "kube-ovn-cni": at("kubeovnCni"),
    "kube-ovn-pinger": at("kubeovnPinger"),
}

_HYBRIDNET: Keys = {
    "defaultNetworkType": text(
        "默认网络类型", "The type of the default network.", examples=["Overlay", "Underlay"], form="name"
    ),
    "enableNetworkPolicy": switch("启用网络策略", "Enable network policies.", default=True),
    "init": switch("创建默认网络", "Create a network from kubePodsCIDR.", default=True),
    "preferVxlanInterfaces": text(
        "VXLAN 首选网卡", "Interfaces for VXLAN; the first existing one is used.", form="name"
    ),
    "preferVlanInterfaces": text("VLAN 首选网卡", "Interfaces for VLAN; the first existing one is used.", form="name"),
    "preferBGPInterfaces": text("BGP 首选网卡", "Interfaces for BGP; the first existing one is used.", form="name"),
    "networks": listed("网络", "Networks to create.", "hybridnetNetwork"),
}
_HYBRIDNET_NETWORK: Keys = {
    "name": text("网络名称", "The network's name.", form="name"),
    "netID": number("网络编号", "Its id."),
    "type": text("网络类型", "Its type.", examples=["Overlay", "Underlay"], form="name"),
    "mode": text("网络模式", "Its mode.", examples=["VXLAN", "VLAN", "BGP"], form="name"),
    "nodeSelector": mapped("节点选择器", "Labels of its nodes.", {"type": ["string", "null"]}),
    "subnets": listed("子网", "Its subnets.", "hybridnetSubnet"),
}
_HYBRIDNET_SUBNET: Keys = {
    "name": text("子网名称", "The subnet's name.", form="name"),
    "netID": number("子网编号", "Its id."),
    "cidr": text("网段", "Its addresses.", form="host"),
    "gateway": text("网关", "Its gateway.", form="host"),
    "start": text("起始地址", "The first address to assign.", form="host"),
    "end": text("结束地址", "The last address to assign.", form="host"),
    "reservedIPs": texts("保留地址", "Addresses reserved for pods that request them.", form="host"),
    "excludeIPs": texts("排除地址", "Addresses that pods do not get.", form="host"),
}

DEFINITIONS: Keys = {
    "network": sourced(
        f"{_TYPES}: NetworkConfig; {_DEFAULTS}: SetDefaultNetworkCfg; cmd/kk/pkg/plugins/network/modules.go: Init",
        block("网络", "The pod network.", _NETWORK),
    ),
    "calico": sourced(
        f"{_TYPES}: CalicoCfg; {_TASKS}: GenerateCalicoManifests; issue 2373 (enableTypha)",
        block("Calico", "Settings of Calico; read only if plugin is calico.", _CALICO),
    ),
    "calicoTypha": _placed("Typha", "Typha"),
    "calicoController": _placed("calico-kube-controllers", "calico-kube-controllers"),
    "flannel": sourced(
        f"{_TYPES}: FlannelCfg", block("Flannel", "Settings of Flannel; read only if plugin is flannel.", _FLANNEL)
    ),
    "kubeovn": sourced(
        f"{_TYPES}: KubeovnCfg, OvsOvn",
        block("Kube-OVN", "Settings of Kube-OVN; read only if plugin is kubeovn.", _KUBEOVN),
    ),
    "kubeovnDpdk": sourced(f"{_TYPES}: Dpdk", block("DPDK", "Settings of DPDK.", _DPDK)),
    "kubeovnController": sourced(
        f"{_TYPES}: KubeOvnController",
        block("kube-ovn-controller", "Settings of kube-ovn-controller.", _CONTROLLER),
    ),
    "kubeovnCni": sourced(f"{_TYPES}: KubeOvnCni", block("kube-ovn-cni", "Settings of kube-ovn-cni.", _CNI)),
    "kubeovnPinger": sourced(
        f"{_TYPES}: KubeOvnPinger", block("kube-ovn-pinger", "Settings of kube-ovn-pinger.", _PINGER)
    ),
    "hybridnet": sourced(
        f"{_TYPES}: HybridnetCfg",
        block("Hybridnet", "Settings of Hybridnet; read only if plugin is hybridnet.", _HYBRIDNET),
    ),
    "hybridnetNetwork": sourced(
        f"{_TYPES}: HybridnetNetwork", needed(block("Hybridnet 网络", "A network of Hybridnet.", _HYBRIDNET_NETWORK))
    ),
    "hybridnetSubnet": sourced(
        f"{_TYPES}: HybridnetSubnet", needed(block("Hybridnet 子网", "A subnet of Hybridnet.", _HYBRIDNET_SUBNET))
    ),
}
