"""etcd: etcd_types.go; default.go, SetDefaultEtcdCfg."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, Part, at, block, choice, number, port, text, texts

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/etcd_types.go"
_DEFAULTS = "cmd/kk/apis/kubekey/v1alpha2/default.go"

_ETCD: Keys = {
    "type": choice(
        "etcd 类型",
        "Who runs etcd: kk as a service on the etcd group, kubeadm on the control planes, or somebody else.",
        "kubekey",
        "kubeadm",
        "external",
        default="kubekey",
    ),
    "external": at("externalEtcd"),
    "port": port("客户端端口", "The port for clients.", default=2379),
    "peerPort": port("成员端口", "The port for the other members.", default=2380),
    "extraArgs": texts("etcd 额外参数", "Further settings for etcd, one a line."),
    "backupDir": text("备份目录", "Where backups go.", default="/var/backups/kube_etcd", form="location"),
    "backupPeriod": number("备份周期（分钟）", "Minutes between two backups.", default=1440),
    "keepBackupNumber": number("备份份数", "How many backups are kept.", default=5),
    "backupScript": text(
        "备份脚本目录", "Where the backup script goes.", default="/usr/local/bin/kube-scripts", form="location"
    ),
    "dataDir": text("数据目录", "Where etcd keeps its data.", default="/var/lib/etcd", form="location"),
    "heartbeatInterval": number("心跳间隔（毫秒）", "Milliseconds between the leader's heartbeats.", default=250),
    "electionTimeout": number("选举超时（毫秒）", "Milliseconds without a heartbeat until an election.", default=5000),
    "snapshotCount": number("快照触发事务数", "Committed transactions until a snapshot.", default=10000),
    "autoCompactionRetention": number(
        "自动压缩保留（小时）", "Hours of history that are kept; 0 keeps all.", default=8
    ),
    "metrics": choice("指标级别", "How much etcd's metrics say.", "basic", "extensive", default="basic"),
    "quotaBackendBytes": number("后端配额（字节）", "The most bytes of etcd's database."),
    "maxRequestBytes": number("请求上限（字节）", "The largest request of a client, in bytes."),
    "maxSnapshots": number("快照文件上限", "Snapshot files that are kept; 0 for all."),
    "maxWals": number("WAL 文件上限", "Write-ahead logs that are kept; 0 for all."),
    "logLevel": choice(
        "日志级别", "How much etcd logs.", "debug", "info", "warn", "error", "panic", "fatal", default="info"
    ),
}

_EXTERNAL: Keys = {
    "endpoints": texts("etcd 端点", "URLs of the members.", examples=[["https://192.168.6.6:2379"]], form="location"),
    "caFile": text("CA 文件", "The CA's certificate on the machine that runs kk.", form="location"),
    "certFile": text("客户端证书文件", "The client's certificate on the machine that runs kk.", form="location"),
    "keyFile": text("客户端私钥文件", "The client's key file on the machine that runs kk.", form="location"),
}

PART = Part(
    title="etcd",
    v1alpha2={
        "etcd": block("etcd", "The cluster's database.", _ETCD),
        "externalEtcd": block("外部 etcd", "How to reach an etcd that is there already; for type external.", _EXTERNAL),
    },
    v1alpha1={},
    sources={
        "etcd": f"{_TYPES}: EtcdCluster; {_DEFAULTS}: SetDefaultEtcdCfg",
        "externalEtcd": f"{_TYPES}: ExternalEtcd",
    },
)
