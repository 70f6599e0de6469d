"""Machines and their roles: cluster_types.go, HostCfg; default.go, SetDefaultHostsCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    Node,
    block,
    choice,
    mapped,
    needed,
    number,
    port,
    secret,
    sourced,
    text,
    texts,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"

_HOST: Keys = {
    "name": needed(
        text(
            "主机名",
            "The node's name. Role groups refer to it, and kk sets it as the machine's hostname.",
            form="nodes",
        )
    ),
    "address": text("SSH 地址", "The IP that kk connects to over SSH. Default: internalAddress.", form="host"),
    "internalAddress": text(
        "内网地址",
        "The address that nodes use for each other: IPv4, or `IPv4,IPv6` for dual stack. Default: address.",
        form="host",
    ),
    "port": port("SSH 端口", "The port of the machine's SSH server.", default=22),
    "user": text("SSH 用户", "The user for the SSH login; needs sudo unless it is root.", default="root", form="name"),
    "password": secret(
        "SSH 密码", "The user's password. Always in quotes: digits without quotes are a number, not a string."
    ),
    "privateKey": secret("SSH 私钥", "The private key itself, PEM. Takes precedence over privateKeyPath."),
    "privateKeyPath": text(
        "SSH 私钥文件",
        "Private key file on the machine that runs kk. Default: ~/.ssh/id_rsa if there is neither a key nor a password.",
        form="location",
    ),
    "arch": choice("CPU 架构", "Which binaries kk copies to the machine.", "amd64", "arm64", default="amd64"),
    "timeout": number("SSH 超时（秒）", "Seconds that kk waits for the SSH connection.", default=30),
    "labels": mapped(
        "节点标签",
        "Labels for the Kubernetes node. Values are strings: put `true` and numbers in quotes.",
        {"type": ["string", "null"]},
    ),
}


def _group(title: str, description: str) -> Node:
    return texts(title, f"{description} Names of hosts, or ranges such as `node[1:3]`.", form="nodes")


_ROLE_GROUPS: Keys = {
    "etcd": _group("etcd 节点", "Hosts where kk runs etcd (etcd.type kubekey). Use an odd number."),
    "master": _group("控制平面节点（旧名）", "Control planes, by the older name. Those in control-plane are appended."),
    "control-plane": _group("控制平面节点", "Control planes. The first one is initialised first."),
    "worker": _group("工作节点", "Nodes that run workloads."),
    "registry": _group("镜像仓库节点", "The machine for the image registry (kk init registry); only one."),
}

DEFINITIONS: Keys = {
    "host": sourced(
        f"{_TYPES}: HostCfg; {_DEFAULTS}: SetDefaultHostsCfg",
        needed(block("主机", "A machine of the cluster.", _HOST, required=["name"])),
    ),
    "roleGroups": sourced(
        f"{_TYPES}: ClusterSpec.RoleGroups, ParseRolesList",
        needed(
            mapped(
                "角色组",
                "Roles of the machines. Every name must be in hosts.",
                _group("自定义角色", "A custom role, for preInstall scripts."),
                properties=_ROLE_GROUPS,
            )
        ),
    ),
}
