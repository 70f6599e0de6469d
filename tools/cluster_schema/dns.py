"""The cluster's DNS: dns_types.go."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, at, block, listed, needed, number, sourced, text, texts

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/dns_types.go"

_DNS: Keys = {
    "dnsEtcHosts": text("CoreDNS 的 hosts", "Lines in the form of /etc/hosts, for CoreDNS to answer from."),
    "nodeEtcHosts": text("节点的 hosts", "Lines for every node's /etc/hosts."),
    "coredns": at("coredns"),
    "nodelocaldns": at("nodelocaldns"),
}
_COREDNS: Keys = {
    "additionalConfigs": text("CoreDNS 附加配置", "Server blocks for the Corefile, unchanged."),
    "externalZones": listed("外部区域", "Zones that other name servers serve.", "externalZone"),
    "rewriteBlock": text("重写规则", "A rewrite block for the Corefile, unchanged."),
    "upstreamDNSServers": texts("上游 DNS 服务器", "Name servers for everything else.", form="host"),
}
_ZONE: Keys = {
    "zones": texts("区域", "The zones.", examples=[["example.com"]], form="name"),
    "nameservers": texts("名称服务器", "The name servers for these zones.", form="host"),
    "cache": number("缓存时间（秒）", "Seconds to cache an answer."),
    "rewrite": texts("重写规则", "Rewrite rules of the zones, one per line."),
}

DEFINITIONS: Keys = {
    "dns": sourced(f"{_TYPES}: DNS", block("DNS", "How names are resolved in the cluster.", _DNS)),
    "coredns": sourced(f"{_TYPES}: CoreDNS", block("CoreDNS", "Settings of CoreDNS.", _COREDNS)),
    "nodelocaldns": sourced(
        f"{_TYPES}: NodeLocalDNS",
        block("节点本地 DNS 缓存", "Settings of NodeLocal DNSCache.", {"externalZones": _COREDNS["externalZones"]}),
    ),
    "externalZone": sourced(
        f"{_TYPES}: ExternalZone", needed(block("外部区域", "Zones with their own name servers.", _ZONE))
    ),
}
