"""The operating system of the nodes: cluster_types.go, System and CustomScripts."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, block, listed, needed, sourced, switch, text, texts

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"

_SYSTEM: Keys = {
    "ntpServers": texts("NTP 服务器", "Time servers for chrony: addresses, domains or names of hosts.", form="host"),
    "timezone": text("时区", "The time zone of all nodes.", examples=["Asia/Shanghai"], form="location"),
    "rpms": texts(
        "额外的 RPM 包", "Additional packages to install from the artifact's ISO on RPM systems.", form="name"
    ),
    "debs": texts(
        "额外的 DEB 包", "Additional packages to install from the artifact's ISO on Debian systems.", form="name"
    ),
    "preInstall": listed("安装前脚本", "Scripts to run on the nodes before anything else, in this order.", "script"),
    "postClusterInstall": listed("集群安装后脚本", "Scripts to run on the nodes when the cluster is up.", "script"),
    "postInstall": listed("安装后脚本", "Scripts to run on the nodes at the very end.", "script"),
    "skipConfigureOS": switch(
        "不配置操作系统",
        "kk does not configure the system. Set up kernel modules, sysctl, /etc/hosts and time yourself.",
        default=False,
    ),
}

_SCRIPT: Keys = {
    "name": text("脚本名称", "The script's name in kk's output.", form="name"),
    "bash": text("Shell 命令", "The command, run by bash on each node."),
    "role": text("执行角色", "The role group whose nodes run it. Default: all nodes.", form="name"),
    "materials": texts("附带文件", "Files next to the config that kk first copies to the node.", form="location"),
}

DEFINITIONS: Keys = {
    "system": sourced(
        f"{_TYPES}: System", block("操作系统", "How kk configures the nodes' operating system.", _SYSTEM)
    ),
    "script": sourced(
        f"{_TYPES}: CustomScripts", needed(block("自定义脚本", "A shell script for the nodes.", _SCRIPT))
    ),
}
