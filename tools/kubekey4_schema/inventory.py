"""The inventory: hosts, how kk reaches them, and groups.

Source: KubeKey v4.0.6, api/core/v1/inventory_types.go; pkg/const/common.go (connector); builtin/core/defaults/inventory.
"""

from __future__ import annotations

from tools.kubekey4_schema.keys import Keys, at, block, choice, mapped, secret, text, texts
from tools.kubekey4_schema.variables import VARIABLES, number_or_text

GROUPS = ("k8s_cluster", "kube_control_plane", "kube_worker", "etcd", "image_registry", "nfs")

CONNECTOR = block(
    "连接方式",
    "How kk reaches the machine.",
    {
        "type": choice(
            "类型",
            "Way of connecting. Default: local for the machine itself, else ssh.",
            "ssh",
            "local",
            "kubernetes",
            "prometheus",
        ),
        "host": text("地址", "Address for SSH. Default: the host's name.", "host"),
        "port": number_or_text("端口", "Port of SSH.", default=22),
        "user": text("用户", "User of SSH. Default: root.", "name"),
        "password": secret("密码", "Password of SSH."),
        "private_key": text("私钥文件", "File of a private key.", "location"),
        "private_key_content": secret("私钥", "A private key itself."),
        "kubeconfig": secret("kubeconfig", "With type kubernetes: a kubeconfig."),
        "url": text("URL", "With type prometheus: its address.", "location"),
        "username": secret("用户名", "With type prometheus: user."),
        "token": secret("令牌", "With type prometheus: token."),
    },
)
HOST = {
    **block(
        "主机",
        "A machine. Other keys are variables of this host.",
        {
            **VARIABLES["properties"],
            "connector": at("connector"),
            "internal_ipv4": text("内部 IPv4", "Its IPv4 address in the cluster's network.", "host"),
            "internal_ipv6": text("内部 IPv6", "Its IPv6 address in the cluster's network.", "host"),
        },
    ),
    "additionalProperties": True,
}
GROUP = block(
    "组",
    "Hosts with a role.",
    {
        "hosts": texts("主机", "Its hosts.", "nodes"),
        "groups": texts("子组", "Groups in it.", "name"),
        "vars": at("variables"),
    },
)
INVENTORY = block(
    "主机清单",
    "Hosts and groups.",
    {
        "hosts": mapped("主机", "Name → machine.", at("host")),
        "groups": {
            **mapped("组", "Name → group. Other names are groups of your own.", at("group")),
            "properties": {name: at("group") for name in GROUPS},
        },
        "vars": at("variables"),
    },
)
DEFINITIONS: Keys = {"connector": CONNECTOR, "host": HOST, "group": GROUP, "inventory": INVENTORY}
