"""KubeKey 4's defaults, as far as the endpoint depends on them (v4.0.6, builtin/core/roles/defaults)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

DEFAULT_VERSION = "v1.34.3"  # cmd/kk/app/options/builtin/builtin.go, defaultKubeVersion
# The versions that roles/defaults/vars has a file for.
KUBERNETES_VERSIONS = tuple(f"v1.{minor}" for minor in range(23, 35))
DEFAULT_PORT = 6443
DEFAULT_HOST = "lb.kubesphere.local"
LOCAL, HAPROXY, KUBE_VIP = "local", "haproxy", "kube-vip"
TYPES = (LOCAL, HAPROXY, KUBE_VIP)
KUBE_VIP_MODES = ("ARP", "BGP")
HOSTS_FILE = "/etc/hosts"

# roles/defaults/defaults/main/*.yaml: every map and every list with items, and the values that kkplan needs.
DEFAULTS = MappingProxyType[str, Any](
    {
        "certs": {"ca": {}, "kubernetes_ca": {}, "front_proxy_ca": {}, "etcd": {}, "image_registry": {}},
        "cluster_require": {},
        "cni": {
            "type": "calico",
            "pod_cidr": "10.233.64.0/18",
            "service_cidr": "10.233.0.0/18",
            "multus": {"image": {}},
        },
        "cri": {
            "container_manager": "containerd",
            "registry": {"mirrors": ["https://registry-1.docker.io"]},
            "docker": {"daemon": {"log-opts": {}}},
            "containerd": {"config": {}},
        },
        "delete": {},
        "dns": {"domain": "cluster.local", "nodelocaldns": {"image": {}}, "coredns": {"image": {}}},
        "download": {"artifact_url": {}, "tools": {}, "cni": {}, "storage_class": {}, "cri": {}, "images": {}},
        "etcd": {"deployment_type": "external", "port": 2379, "image": {}, "env": {}, "backup": {}},
        "image_registry": {"auth": {"registry": ""}, "ha_vip": ""},
        "kubernetes": {
            "cluster_name": "kubekey",
            "sandbox_image": {},
            "apiserver": {"port": DEFAULT_PORT, "certSANs": []},
            "controller_manager": {"extra_args": {}},
            "scheduler": {},
            "kube_proxy": {"manage": {}, "mode": "ipvs", "config": {"iptables": {}}},
            "kubelet": {},
            "control_plane_endpoint": {
                "host": DEFAULT_HOST,
                "type": "local",
                "local": {"address": ""},
                "kube_vip": {"address": "", "mode": "ARP", "image": {}},
                "haproxy": {"address": "127.0.0.1", "health_port": 8081, "image": {}},
            },
            "certs": {},
            "backup": {},
        },
        "native": {
            "ntp": {"servers": ["cn.pool.ntp.org"]},
            "nfs": {"share_dir": ["/share/"]},
            "set_hostname": True,
            "localDNS": [HOSTS_FILE],
        },
        "storage_class": {"local": {}, "nfs": {}},
        "transform_architectures": {},
    }
)
