"""internalAddress other than one address, or `IPv4,IPv6` without a space and with `address` set."""

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey3.hosts import WrittenHost
from kkplan.kubekey3.keys import lookup
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_ADVICE = T("Write IPv4,IPv6 without spaces, e.g. 172.16.0.4,fd00::4")


def check(subject: Subject) -> Findings:
    config, cluster = subject.config, subject.cluster
    for host in dict.fromkeys((*cluster.control_planes, *cluster.etcd_members)):
        address = ip_of(host.internal_address)
        if address is not None and address.version == 6 and len(host.internal_addresses) == 1:
            yield RULE.finding(
                T(
                    "{host} has only an IPv6 address: without an IPv4 address, etcd and API servers do not start",
                    host=node_names(host.name),
                ),
                _ADVICE,
                at=host.place,
            )
    for host in config.hosts:
        written: WrittenHost = host.source
        entry = lookup(written.mapping, "internalAddress") if "," in written.internal else None
        if entry is None:
            continue
        parts = written.internal.split(",")
        versions = [address.version for part in parts if (address := ip_of(part.strip()))]
        if versions != [4, 6] or len(parts) != 2 or any(part != part.strip() for part in parts):
            yield RULE.finding(
                T(
                    "internalAddress {text}: kk takes the part before the comma as the IPv4 address and the part after "
                    "it as the IPv6 address",
                    text=written.internal,
                ),
                _ADVICE,
                at=config.document.place_of(entry),
            )
        elif not written.address:
            yield RULE.finding(
                T(
                    "internalAddress has two parts and address is missing: kk connects over SSH to {text} as if it were one host",
                    text=written.internal,
                ),
                T("Set address too, e.g. {first}", first=parts[0]),
                at=config.document.place_of(entry),
            )


RULE = Rule(
    "KK313",
    Severity.ERROR,
    T("an internalAddress that is neither IPv4 nor IPv4,IPv6"),
    check,
    why=T(
        "kk splits internalAddress at the comma. It takes the first part as the IPv4 address and the second "
        "as the IPv6 address without a check, including spaces. With more than two parts there is no IPv6 "
        "address. If address is missing, the whole text becomes the address. kk writes the parts unchanged "
        "into /etc/hosts, the certificates and the kubelet's node IP. With an IPv6 address alone, etcd's URLs "
        "lack the brackets that it needs, and API servers reject a service network that starts with IPv4; one "
        "that starts with IPv6 makes kk panic (KK323)."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultHostsCfg; cmd/kk/pkg/core/connector/host.go, GetInternalIPv4Address, GetInternalIPv6Address; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs; cmd/kk/pkg/etcd/templates/etcd_env.go; kube-apiserver, family of the service network and the advertised address",
    bad=HOSTS.replace("internalAddress: 172.16.0.8", 'internalAddress: "fd00::8,172.16.0.8"'),
    good=HOSTS.replace("internalAddress: 172.16.0.8", 'internalAddress: "172.16.0.8,fd00::8"'),
)
