"""Machines and their roles: cluster_types.go, HostCfg; default.go, SetDefaultHostsCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    Node,
    Part,
    block,
    choice,
    mapped,
    needed,
    number,
    port,
    secret,
    text,
    texts,
    without,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"
_OLD = "apis/kubekey/v1alpha1/cluster_types.go"

_HOST: Keys = {
    "name": needed(
        text("主机名", "The node's name; role groups name it, and kk makes it the machine's hostname.", form="nodes")
    ),
    "address": text("SSH 地址", "Where kk's SSH goes, an IP. Without it, internalAddress.", form="host"),
    "internalAddress": text(
        "内网地址",
        "What the nodes reach each other by: an IPv4 address, or `IPv4,IPv6` for dual stack. Without it, address.",
        form="host",
    ),
    "port": port("SSH 端口", "The port of the machine's SSH server.", default=22),
    "user": text("SSH 用户", "Who kk logs in as; needs sudo unless it is root.", default="root", form="name"),
    "password": secret("SSH 密码", "The user's password. In quotes, whatever it is: a bare number is no text."),
    "privateKey": secret("SSH 私钥", "A private key itself, PEM. Wins over privateKeyPath."),
    "privateKeyPath": text(
        "SSH 私钥文件",
        "The file of a private key on the machine that runs kk; ~/.ssh/id_rsa where there is neither key nor password.",
        form="location",
    ),
    "arch": choice("CPU 架构", "Which binaries kk copies to the machine.", "amd64", "arm64", default="amd64"),
    "timeout": number("SSH 超时（秒）", "Seconds that kk waits for the SSH connection.", default=30),
    "labels": mapped(
        "节点标签",
        "Labels for the Kubernetes node. Values are texts: `true` and numbers go in quotes.",
        {"type": ["string", "null"]},
    ),
}


def _host(keys: Keys) -> Node:
    return needed(block("主机", "A machine of the cluster.", keys, required=["name"]))


def _group(title: str, description: str) -> Node:
    return texts(title, f"{description} Names of hosts, or ranges such as `node[1:3]`.", form="nodes")


_ROLE_GROUPS: Keys = {
    "etcd": _group("etcd 节点", "Where kk runs etcd (etcd.type kubekey). An odd number survives the most."),
    "master": _group(
        "控制平面节点（旧名）", "Control planes, by the older name; control-plane's are added behind them."
    ),
    "control-plane": _group("控制平面节点", "Control planes. The first one of all is initialised first."),
    "worker": _group("工作节点", "Nodes that run workloads."),
    "registry": _group("镜像仓库节点", "The one machine for the image registry (kk init registry)."),
}
_ROLE_GROUPS_TEXT = ("角色组", "Which machine does what. Every name must be one of hosts.")

PART = Part(
    title="Hosts and roles",
    v1alpha2={
        "host": _host(_HOST),
        "roleGroups": needed(
            mapped(
                *_ROLE_GROUPS_TEXT,
                _group("自定义角色", "A role of your own, as preInstall scripts name it."),
                properties=_ROLE_GROUPS,
            )
        ),
    },
    v1alpha1={
        "host": _host(
            {
                **without(_HOST, "timeout"),
                "id": text("主机标识", "An id of the machine. kk does not use it.", form="name"),
            }
        ),
        "roleGroups": needed(block(*_ROLE_GROUPS_TEXT, without(_ROLE_GROUPS, "control-plane", "registry"))),
    },
    sources={
        "host": f"{_TYPES}: HostCfg; {_DEFAULTS}: SetDefaultHostsCfg",
        "roleGroups": f"{_TYPES}: ClusterSpec.RoleGroups, ParseRolesList",
    },
    sources_v1alpha1={"host": f"{_OLD}: HostCfg", "roleGroups": f"{_OLD}: RoleGroups"},
)
