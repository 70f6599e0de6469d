"""etcd: etcd_types.go; default.go, SetDefaultEtcdCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, at, block, choice, number, port, sourced, text, texts

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/etcd_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"

_ETCD: Keys = {
    "type": choice(
        "etcd 类型",
        "How etcd runs: installed by kk as a service on the etcd group, by kubeadm on the control planes, or external.",
        "kubekey",
        "kubeadm",
        "external",
        default="kubekey",
    ),
    "external": at("externalEtcd"),
    "port": port("客户端端口", "The port for clients.", default=2379),
    "peerPort": port("成员端口", "The port for the other members.", default=2380),
    "extraArgs": texts("etcd 额外参数", "Additional settings for etcd, one per line."),
    "backupDir": text("备份目录", "Folder for backups.", default="/var/backups/kube_etcd", form="location"),
    "backupPeriod": number("备份周期（分钟）", "Minutes between two backups.", default=1440),
    "keepBackupNumber": number("备份份数", "Number of backups to keep.", default=5),
    "backupScript": text(
        "备份脚本目录", "Folder for the backup script.", default="/usr/local/bin/kube-scripts", form="location"
    ),
    "dataDir": text("数据目录", "Folder for etcd's data.", default="/var/lib/etcd", form="location"),
    "heartbeatInterval": number("心跳间隔（毫秒）", "Milliseconds between the leader's heartbeats.", default=250),
    "electionTimeout": number("选举超时（毫秒）", "Milliseconds without a heartbeat until an election.", default=5000),
    "snapshotCount": number("快照触发事务数", "Committed transactions until a snapshot.", default=10000),
    "autoCompactionRetention": number(
        "自动压缩保留（小时）", "Hours of history to keep; 0 keeps everything.", default=8
    ),
    "metrics": choice("指标级别", "Level of detail of etcd's metrics.", "basic", "extensive", default="basic"),
    "quotaBackendBytes": number("后端配额（字节）", "Maximum size of etcd's database, in bytes."),
    "maxRequestBytes": number("请求上限（字节）", "Maximum size of a client request, in bytes."),
    "maxSnapshots": number("快照文件上限", "Number of snapshot files to keep; 0 for all."),
    "maxWals": number("WAL 文件上限", "Number of write-ahead logs to keep; 0 for all."),
    "logLevel": choice(
        "日志级别", "Log level of etcd.", "debug", "info", "warn", "error", "panic", "fatal", default="info"
    ),
}

_EXTERNAL: Keys = {
    "endpoints": texts("etcd 端点", "URLs of the members.", examples=[["https://192.168.6.6:2379"]], form="location"),
    "caFile": text("CA 文件", "The CA's certificate on the machine that runs kk.", form="location"),
    "certFile": text("客户端证书文件", "The client's certificate on the machine that runs kk.", form="location"),
    "keyFile": text("客户端私钥文件", "The client's key file on the machine that runs kk.", form="location"),
}

DEFINITIONS: Keys = {
    "etcd": sourced(
        f"{_TYPES}: EtcdCluster; {_DEFAULTS}: SetDefaultEtcdCfg", block("etcd", "The cluster's database.", _ETCD)
    ),
    "externalEtcd": sourced(
        f"{_TYPES}: ExternalEtcd", block("外部 etcd", "How to reach an existing etcd; for type external.", _EXTERNAL)
    ),
}
