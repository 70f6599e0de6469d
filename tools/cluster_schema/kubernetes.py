"""Kubernetes itself: kubernetes_types.go; default.go, SetDefaultClusterCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    Node,
    block,
    choice,
    enabled,
    free,
    mapped,
    number,
    outdated,
    sourced,
    switch,
    text,
    texts,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/kubernetes_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"

# loader.go, kubeReleaseRegex: any other text becomes "", and that the default.
_RELEASE = r"^(v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)[-0-9a-zA-Z_.+]*)?$"


def _arguments(component: str, program: str) -> Node:
    return texts(f"{component} 启动参数", f"Arguments for {program}, one per line.", examples=[["v=4"]])


_KUBERNETES: Keys = {
    "type": choice(
        "发行版",
        "The distribution; a version such as v1.26.5-k3s sets it too.",
        "kubernetes",
        "k3s",
        "k8e",
        default="kubernetes",
    ),
    "version": text(
        "Kubernetes 版本",
        "The release, with all three numbers. For any other text, kk silently installs its default release.",
        pattern=_RELEASE,
        examples=["v1.26.5"],
        form="version",
    ),
    "clusterName": text("集群域", "The cluster's name for kubeadm.", default="cluster.local", form="name"),
    "dnsDomain": text("集群 DNS 域", "The domain of services and pods.", default="cluster.local", form="name"),
    "disableKubeProxy": switch("不安装 kube-proxy", "For network plugins that replace it.", default=False),
    "masqueradeAll": switch(
        "全部 SNAT", "kube-proxy masquerades all traffic to services (iptables mode).", default=False
    ),
    "maxPods": number("每节点 Pod 上限", "Maximum number of pods per kubelet.", default=110),
    "podPidsLimit": number(
        "每 Pod 进程数上限", "Maximum number of processes per pod; -1 for no limit.", -1, default=10000
    ),
    "nodeCidrMaskSize": number(
        "节点 IPv4 网段掩码", "Prefix length of each node's part of kubePodsCIDR.", 0, 32, default=24
    ),
    "nodeCidrMaskSizeIPv6": number("节点 IPv6 网段掩码", "The same for IPv6.", 0, 128, default=64),
    "apiserverCertExtraSans": texts(
        "API Server 证书的额外 SAN", "Additional IPs and names for the API servers' certificates.", form="host"
    ),
    "proxyMode": choice(
        "kube-proxy 模式",
        "How kube-proxy reaches the pods. Passed on; nftables is for Kubernetes 1.29 and later.",
        "ipvs",
        "iptables",
        "nftables",
        default="ipvs",
    ),
    "autoRenewCerts": switch(
        "自动续期证书", "Install a timer that renews the control plane's certificates.", default=False
    ),
    "nodelocaldns": switch("节点本地 DNS 缓存", "Run NodeLocal DNSCache on every node.", default=True),
    "containerManager": choice(
        "容器运行时", "The container runtime.", "docker", "containerd", "crio", "isula", default="docker"
    ),
    "containerRuntimeEndpoint": text(
        "容器运行时端点", "The CRI socket. Default: that of the runtime.", form="location"
    ),
    "nodeFeatureDiscovery": enabled("节点特性发现", "Install Node Feature Discovery."),
    "kata": enabled("Kata 容器", "Install Kata Containers."),
    "apiserverArgs": _arguments("kube-apiserver", "kube-apiserver"),
    "controllerManagerArgs": _arguments("kube-controller-manager", "kube-controller-manager"),
    "schedulerArgs": _arguments("kube-scheduler", "kube-scheduler"),
    "kubeletArgs": _arguments("kubelet", "the kubelet"),
    "kubeProxyArgs": _arguments("kube-proxy", "kube-proxy"),
    "featureGates": mapped("特性门控", "Feature gates of all components.", {"type": ["boolean", "null"]}),
    "kubeletConfiguration": free("kubelet 配置", "Keys of KubeletConfiguration, passed on unchanged."),
    "kubeProxyConfiguration": free("kube-proxy 配置", "Keys of KubeProxyConfiguration, passed on unchanged."),
    "audit": block(
        "审计日志",
        "Let the API server write an audit log. Set autoRenewCerts too: if `enabled` is set, kk uses"
        " autoRenewCerts instead, and panics without it (EnableAudit).",
        {"enabled": switch("启用", "Let the API server write an audit log. Default: off.", default=False)},
    ),
    "nvidiaRuntime": switch(
        "NVIDIA 运行时", "Set up containerd for NVIDIA GPUs. In releases after 3.1.8.", default=False
    ),
}

_OUTDATED: Keys = {
    "etcdBackupDir": outdated(
        text("etcd 备份目录", "Folder for etcd's backups.", default="/var/backups/kube_etcd", form="location"),
        "spec.etcd.backupDir",
    ),
    "etcdBackupPeriod": outdated(
        number("etcd 备份周期（分钟）", "Minutes between two backups of etcd.", default=30), "spec.etcd.backupPeriod"
    ),
    "keepBackupNumber": outdated(
        number("etcd 备份份数", "Number of etcd backups to keep.", default=5), "spec.etcd.keepBackupNumber"
    ),
    "etcdBackupScript": outdated(
        text(
            "etcd 备份脚本目录", "Folder for the backup script.", default="/usr/local/bin/kube-scripts", form="location"
        ),
        "spec.etcd.backupScript",
    ),
    "imageRepo": outdated(
        text("镜像命名空间", "The namespace of Kubernetes' images, in KubeKey 1.0."), "spec.registry.namespaceOverride"
    ),
}

DEFINITIONS: Keys = {
    "kubernetes": sourced(
        f"{_TYPES}: Kubernetes; {_DEFAULTS}: SetDefaultClusterCfg; cmd/kk/pkg/common/loader.go: kubeReleaseRegex",
        block("Kubernetes", "The Kubernetes that kk installs.", {**_KUBERNETES, **_OUTDATED}),
    )
}
