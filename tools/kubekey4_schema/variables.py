"""The variables that KubeKey 4's roles have defaults for or read.

Source: KubeKey v4.0.6, builtin/core/roles/defaults/defaults/main, builtin/core/roles/defaults/vars and
builtin/core/defaults/config; keys without a default: the templates and tasks of builtin/core/roles.
"""

from __future__ import annotations

from typing import Any

from tools.kubekey4_schema.keys import Keys, Node, at, block, choice, free, mapped, port, secret, switch, text, texts


def version(title: str, description: str, **more: Any) -> Node:
    """A version, which YAML may take for a number."""
    node = text(title, description, "version", **more)
    return {**node, "type": ["string", "number", "null"]}


def number_or_text(title: str, description: str, **more: Any) -> Node:
    """A number that a template writes as text: quotes make no difference."""
    return {**port(title, description, **more), "type": ["integer", "string", "null"], "x-shown": "name"}


def _open(node: Node) -> Node:
    """The same, but the user's own keys are allowed beside those that roles read."""
    return {**node, "additionalProperties": True}


def _versions(*names: str) -> Keys:
    return {f"{name}_version": version(f"{name} 版本", f"Version of {name}.") for name in names}


def _certificate(title: str, description: str) -> Node:
    return block(
        title,
        description,
        {
            "date": text("有效期", "How long it is valid.", "name", default="87600h"),
            "gen_cert_policy": choice("生成策略", "When it is made.", "IfNotPresent", "Always", default="IfNotPresent"),
        },
    )


def _values(title: str) -> Node:
    return block(title, "Settings of this add-on.", {"values": free("Helm values", "Values of its Helm chart.")})


IMAGE = block(
    "镜像",
    "A container image.",
    {
        "registry": text("镜像仓库", "Its registry.", "location"),
        "repository": text("仓库路径", "Its repository.", "location"),
        "tag": version("标签", "Its tag."),
    },
)
ENDPOINT = block(
    "控制平面端点",
    "How nodes reach the API servers.",
    {
        "host": text("主机名", "Name of the endpoint, or an IPv4 address.", "host", default="lb.kubesphere.local"),
        "port": number_or_text("端口", "Its port. Default: kubernetes.apiserver.port."),
        "type": choice("类型", "Who balances the load.", "local", "haproxy", "kube-vip", default="local"),
        "local": block(
            "外部负载均衡",
            "With type local: a load balancer outside of the cluster.",
            {"address": text("地址", "Its IP address. From kk 4.0.5 on.", "host", default="")},
        ),
        "kube_vip": block(
            "kube-vip",
            "With type kube-vip.",
            {
                "address": text("VIP", "The VIP: free, IPv4, in the control planes' network.", "host", default=""),
                "mode": choice("模式", "How the VIP is announced.", "ARP", "BGP", default="ARP"),
                "image": at("image"),
                "env": free("环境变量", "Environment of kube-vip. After kk 4.0.6."),
            },
        ),
        "haproxy": block(
            "HAProxy",
            "With type haproxy: HAProxy on the workers.",
            {
                "address": text("监听地址", "Bind address. Only 127.0.0.1 is reached.", "host", default="127.0.0.1"),
                "health_port": number_or_text("健康检查端口", "Port of its own health check.", default=8081),
                "image": at("image"),
            },
        ),
    },
)
KUBERNETES = block(
    "Kubernetes",
    "Kubernetes and its components.",
    {
        "kube_version": version("Kubernetes 版本", "Kubernetes version, with v: v1.23 to v1.34."),
        "helm_version": version("Helm 版本", "Helm version."),
        "cluster_name": text("集群名称", "Name of the cluster.", "name", default="kubekey"),
        "image_repository": text("镜像仓库", "Where kubeadm takes its images from.", "location"),
        "sandbox_image": at("image"),
        "apiserver": block(
            "API server",
            "API servers.",
            {
                "port": number_or_text("端口", "Port that they listen on.", default=6443),
                "certSANs": texts("证书 SAN", "Further names and addresses in their certificates.", "host"),
                "extra_args": free("额外参数", "Further arguments."),
            },
        ),
        "controller_manager": block(
            "controller-manager", "Controller manager.", {"extra_args": free("额外参数", "Further arguments.")}
        ),
        "scheduler": block("scheduler", "Scheduler.", {"extra_args": free("额外参数", "Further arguments.")}),
        "kube_proxy": block(
            "kube-proxy",
            "kube-proxy.",
            {
                "manage": free("管理", "Whether kk manages kube-proxy's pods itself."),
                "mode": choice("模式", "How it forwards.", "ipvs", "iptables", "nftables", default="ipvs"),
                "config": _open(
                    block(
                        "KubeProxyConfiguration",
                        "Merged into KubeProxyConfiguration.",
                        {
                            "iptables": free("iptables", "Its iptables settings."),
                            "ipvs": _open(
                                block(
                                    "ipvs",
                                    "Its ipvs settings.",
                                    {
                                        "excludeCIDRs": texts(
                                            "排除网段", "Networks whose entries it leaves alone.", "host"
                                        )
                                    },
                                )
                            ),
                        },
                    )
                ),
            },
        ),
        "kubelet": block(
            "kubelet",
            "kubelet.",
            {
                "max_pods": number_or_text("最大 Pod 数", "Most pods of a node.", default=110),
                "pod_pids_limit": {
                    "type": ["integer", "null"],
                    "title": "PID 上限",
                    "description": "Most processes of a pod.",
                },
                "container_log_max_size": text("日志大小", "Largest log of a container.", "name"),
                "container_log_max_files": number_or_text("日志文件数", "Most logs of a container."),
                "feature_gates": free("特性门控", "Feature gates."),
                "extra_args": free("额外参数", "Further arguments."),
            },
        ),
        "control_plane_endpoint": at("endpoint"),
        "certs": block(
            "证书",
            "A CA of your own, and renewal.",
            {
                "ca_cert": text("CA 证书", "File of the CA's certificate.", "location"),
                "ca_key": text("CA 私钥", "File of the CA's key.", "location"),
                "front_proxy_cert": text("front-proxy 证书", "File of its certificate.", "location"),
                "front_proxy_key": text("front-proxy 私钥", "File of its key.", "location"),
                "renew": switch("自动续期", "Renew certificates by a timer.", default=True),
            },
        ),
        "backup": block(
            "备份", "Copies of kubeadm's files.", {"kubeadm_config_dir": text("目录", "Their folder.", "location")}
        ),
        "patches": {"type": ["array", "null"], "title": "补丁", "description": "Patches of kubeadm."},
        "skip_phases": texts("跳过的阶段", "Phases that kubeadm skips.", "location"),
        "networking": block(
            "网络",
            "Names in /etc/hosts.",
            {
                "dns_domain": text("DNS 域", "Domain of the cluster.", "name"),
                "dns_cache_ip": text("DNS 缓存 IP", "Address of the DNS cache.", "host"),
            },
        ),
        "custom_labels": free("自定义标签", "Labels of the node."),
        "custom_taints": {
            "type": ["array", "object", "null"],
            "title": "自定义污点",
            "description": "Taints of the node.",
        },
        "storage_disks": {
            "type": ["array", "object", "null"],
            "title": "存储磁盘",
            "description": "Disks for storage.",
        },
        "zones": {"type": ["array", "object", "string", "null"], "title": "可用区", "description": "Zones."},
        "multipath": free("multipath", "Settings of multipath."),
        "coredns": free("CoreDNS", "Settings of CoreDNS."),
    },
)
NATIVE = block(
    "系统",
    "What kk sets on each machine.",
    {
        "ntp": block(
            "NTP",
            "Time.",
            {
                "servers": texts("服务器", "Time servers.", "host"),
                "enabled": switch("启用", "Whether kk sets it.", default=True),
            },
        ),
        "timezone": text("时区", "Time zone.", "location", default="Asia/Shanghai"),
        "nfs": block("NFS", "NFS server.", {"share_dir": texts("共享目录", "Its folders.", "location")}),
        "set_hostname": switch("设置主机名", "Whether kk sets each machine's name.", default=True),
        "localDNS": texts("hosts 文件", "Files that kk writes names into. Default: /etc/hosts.", "location"),
    },
)
ETCD = block(
    "etcd",
    "etcd.",
    {
        "deployment_type": choice(
            "部署方式", "How it runs: systemd, or static pods.", "external", "internal", default="external"
        ),
        "etcd_version": version("etcd 版本", "etcd version."),
        "image": at("image"),
        "port": number_or_text("端口", "Port for clients.", default=2379),
        "peer_port": number_or_text("成员端口", "Port for members.", default=2380),
        "env": free("环境变量", "Its settings."),
        "backup": free("备份", "Its backups."),
        "performance": switch("性能", "Tune it.", default=False),
        "traffic_priority": switch("流量优先级", "Give its traffic priority.", default=False),
        "metrics": free("指标", "Its metrics."),
        **{
            name: text("证书文件", "A file of its certificates.", "location")
            for name in ("ca_file", "server_cert_file", "server_key_file", "client_cert_file", "client_key_file")
        },
    },
)
REGISTRY = block(
    "镜像仓库",
    "A registry of one's own.",
    {
        "type": choice("类型", "Which one kk installs; empty: none.", "harbor", "docker-registry"),
        "ha_vip": text("VIP", "Its own VIP, not the endpoint's.", "host", default=""),
        "auth": block(
            "认证",
            "How nodes reach it.",
            {
                "registry": text("地址", "Its address.", "location"),
                "plain_http": switch("HTTP", "Without TLS.", default=False),
                "username": secret("用户名", "User."),
                "password": secret("密码", "Password."),
                "skip_tls_verify": switch("跳过 TLS 校验", "Accept any certificate."),
                **{
                    name: text("证书文件", "A file of its certificates.", "location")
                    for name in ("ca_file", "cert_file", "key_file")
                },
            },
        ),
        "http_port": number_or_text("HTTP 端口", "Its HTTP port."),
        "https_port": number_or_text("HTTPS 端口", "Its HTTPS port."),
        **_versions("keepalived", "harbor", "dockercompose", "docker_registry"),
        **{
            f"{name}_registry": text("镜像源", "Where images of this registry come from.", "location")
            for name in ("dockerio", "quayio", "ghcrio", "k8sio")
        },
        "harbor": free("Harbor", "Settings of Harbor."),
        "docker_registry": free("Docker Registry", "Settings of Docker Registry."),
    },
)
CRI = block(
    "容器运行时",
    "Container runtime.",
    {
        "container_manager": choice("运行时", "Which one.", "containerd", "docker", default="containerd"),
        "cgroup_driver": choice("cgroup 驱动", "cgroup driver.", "systemd", "cgroupfs", default="systemd"),
        "cri_socket": text("套接字", "Its socket.", "location"),
        "registry": block(
            "镜像仓库",
            "Registries.",
            {
                "mirrors": texts("镜像加速", "Mirrors of Docker Hub.", "location"),
                "insecure_registries": texts("非安全仓库", "Registries without TLS.", "location"),
                "auths": {"type": ["array", "null"], "title": "认证", "description": "Credentials.", "writeOnly": True},
            },
        ),
        "docker": free("Docker", "Settings of Docker."),
        "containerd": free("containerd", "Settings of containerd."),
        **_versions("crictl", "docker", "cridockerd", "containerd", "runc"),
    },
)
CNI = block(
    "网络插件",
    "Pod network.",
    {
        "type": choice(
            "类型",
            "Network plugin.",
            "calico",
            "cilium",
            "flannel",
            "hybridnet",
            "kubeovn",
            "kube-ovn",
            "other",
            "none",
            default="calico",
        ),
        **{
            name: text("网段", "A network.", "host")
            for name in ("pod_cidr", "service_cidr", "ipv4_pod_cidr", "ipv6_pod_cidr")
        },
        "ipv4_mask_size": number_or_text("IPv4 掩码", "Prefix of a node's IPv4 network.", default=24),
        "ipv6_mask_size": number_or_text("IPv6 掩码", "Prefix of a node's IPv6 network.", default=64),
        "ipv4_support": {**switch("IPv4", "Whether pods have IPv4."), "type": ["boolean", "string", "null"]},
        "ipv6_support": {**switch("IPv6", "Whether pods have IPv6."), "type": ["boolean", "string", "null"]},
        "multi_cni": choice("多网卡插件", "A second network plugin.", "multus", "spiderpool", "none", default="none"),
        "multus": block("Multus", "Multus.", {"image": at("image")}),
        **{name: _values(name) for name in ("calico", "cilium", "flannel", "hybridnet", "kubeovn", "spiderpool")},
        **_versions("cni_plugins", "calico", "cilium", "flannel", "kubeovn", "hybridnet", "spiderpool"),
    },
)
_STORAGE: Keys = {
    "enabled": switch("启用", "Whether it is installed."),
    "default": switch("默认", "Whether it is the default."),
    "path": text("路径", "Its folder.", "location"),
    "values": free("Helm values", "Values of its Helm chart."),
}
STORAGE = block(
    "存储类",
    "Storage classes.",
    {
        "local": block("本地存储", "OpenEBS local.", _STORAGE),
        "nfs": block("NFS", "NFS.", {**_STORAGE, "server": text("服务器", "Its server.", "host")}),
        **_versions("localpv_provisioner", "nfs_provisioner"),
    },
)
DNS = block(
    "DNS",
    "DNS of the cluster.",
    {
        "domain": text("域", "Its domain.", "name", default="cluster.local"),
        "dns_etc_hosts": texts("hosts 记录", "Lines of its hosts file."),
        "coredns": _open(
            block("CoreDNS", "CoreDNS.", {"ip": text("IP", "Its address.", "host"), "image": at("image")})
        ),
        "nodelocaldns": block(
            "NodeLocalDNS",
            "A DNS cache on each node.",
            {
                "enabled": switch("启用", "Whether it is installed.", default=True),
                "ip": text("IP", "Its address.", "host"),
                "image": at("image"),
            },
        ),
    },
)
VARIABLES = _open(
    block(
        "变量",
        "Variables of the roles. Other keys are variables of your own.",
        {
            "zone": choice("区域", "cn: download from sources in China.", "cn", default=""),
            "init_kubernetes_node": text(
                "初始化节点", "Control plane that initialises the cluster. Default: random.", "nodes"
            ),
            "kubernetes": at("kubernetes"),
            "native": at("native"),
            "etcd": at("etcd"),
            "image_registry": at("image_registry"),
            "cri": at("cri"),
            "cni": at("cni"),
            "storage_class": at("storage_class"),
            "dns": at("dns"),
            "certs": block(
                "证书",
                "Certificates that kk makes.",
                {
                    name: _certificate(name, "This certificate.")
                    for name in ("ca", "kubernetes_ca", "front_proxy_ca", "etcd", "image_registry")
                },
            ),
            "delete": block(
                "删除",
                "What kk delete removes besides.",
                {
                    name: switch(name, "Whether it is removed.", default=False)
                    for name in ("cri", "etcd", "dns", "image_registry", "data")
                },
            ),
            "download": free("下载", "Where files come from."),
            "cluster_require": free("要求", "What precheck requires."),
            "transform_architectures": mapped(
                "架构别名", "Names of architectures.", texts("别名", "Other names.", "name")
            ),
            "image_manifests": texts("镜像清单", "Further images for an artifact.", "location"),
            "security_enhancement": switch("安全加固", "Harden the cluster.", default=False),
            "audit": switch("审计", "Audit log of the API servers.", default=False),
            **{
                name: text("目录", "A folder of kk.", "location")
                for name in ("work_dir", "binary_dir", "scripts_dir", "artifact_dir", "tmp_dir")
            },
            **{
                name: texts("主机组", "Groups of further tasks.", "name")
                for name in ("pre_install_groups", "post_install_groups")
            },
            "internal_ipv4": text("内部 IPv4", "Overrides that of every host.", "host"),
            "internal_ipv6": text("内部 IPv6", "Overrides that of every host.", "host"),
        },
    )
)
DEFINITIONS: Keys = {
    "image": IMAGE,
    "endpoint": ENDPOINT,
    "kubernetes": KUBERNETES,
    "native": NATIVE,
    "etcd": ETCD,
    "image_registry": REGISTRY,
    "cri": CRI,
    "cni": CNI,
    "storage_class": STORAGE,
    "dns": DNS,
    "variables": VARIABLES,
}
