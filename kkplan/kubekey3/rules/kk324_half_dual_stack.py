"""IPv6 only in control planes or only in pod networks, and services and workers without IPv6."""

from kkplan.cluster.cluster import Host
from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.networks import PODS, SERVICES, cluster_networks
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_BOTH = 2  # addresses of a host, networks of a key: IPv4 and IPv6


def check(subject: Subject) -> Findings:
    config, cluster = subject.config, subject.cluster
    networks = cluster_networks(config)
    pods, services = (sum(one.path == (key,) for one in networks) == _BOTH for key in (PODS, SERVICES))
    mismatched = [host for host in cluster.control_planes if _has_both(host) is not pods]
    if mismatched and config.distribution not in (K3S, K8E):
        message = (
            T(
                "{key} has an IPv6 network, but control plane {host} has no IPv6 address: kube-controller-manager exits",
                key=PODS,
                host=node_names(mismatched[0].name),
            )
            if pods
            else T(
                "control plane {host} has an IPv6 address, but {key} has no IPv6 network: kube-controller-manager exits",
                key=PODS,
                host=node_names(mismatched[0].name),
            )
        )
        yield RULE.finding(
            message,
            T("Set IPv4,IPv6 in internalAddress of every host and in both networks, or use only IPv4 everywhere"),
            at=config.place_at("network", PODS) if pods else mismatched[0].place,
        )
        return
    if pods is not services:
        one, other = (PODS, SERVICES) if pods else (SERVICES, PODS)
        yield RULE.finding(
            T("{one} has an IPv6 network, but {other} has none", one=one, other=other),
            T("Set both to IPv4,IPv6, or both to IPv4"),
            at=config.place_at("network", one),
            severity=Severity.WARNING,
        )
    without = [host.name for host in (*cluster.control_planes, *cluster.workers) if pods and not _has_both(host)]
    if without:
        yield RULE.finding(
            T("{hosts}: no IPv6 address, but pods get one", hosts=node_names(*dict.fromkeys(without[:5]))),
            T("Set internalAddress to IPv4,IPv6"),
            at=config.place_at("network", PODS),
            severity=Severity.WARNING,
        )


def _has_both(host: Host) -> bool:
    """As kk decides: the part after the only comma is the IPv6 address."""
    return len(host.internal_addresses) == _BOTH


RULE = Rule(
    "KK324",
    Severity.ERROR,
    T("dual stack only in hosts or only in networks"),
    check,
    why=T(
        "kk decides by two different settings. The first control plane's internalAddress decides whether "
        "kube-controller-manager gets the mask sizes for dual stack. kubePodsCIDR decides which networks it "
        "gets. If only one of them is dual stack, kube-controller-manager exits at start: no pod gets a "
        "network, and the install times out. Services or workers without IPv6 still work, with IPv4 only."
    ),
    source="cmd/kk/pkg/kubernetes/tasks.go, GenerateKubeadmConfig (IPv6Support); cmd/kk/pkg/kubernetes/templates/kubeadm_config.go; kube-controller-manager(8), --node-cidr-mask-size, --node-cidr-mask-size-ipv6",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: 10.244.0.0/16,fd00:10:244::/112
  kubeServiceCIDR: 10.96.0.0/16,fd00:10:96::/112
""",
    good="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: "172.16.0.4,fd00::4", user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: "172.16.0.5,fd00::5", user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: "172.16.0.6,fd00::6", user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: "172.16.0.7,fd00::7", user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: 172.16.0.8, internalAddress: "172.16.0.8,fd00::8", user: root, privateKeyPath: ~/.ssh/id_rsa}
network:
  plugin: calico
  kubePodsCIDR: 10.244.0.0/16,fd00:10:244::/112
  kubeServiceCIDR: 10.96.0.0/16,fd00:10:96::/112
""",
)
