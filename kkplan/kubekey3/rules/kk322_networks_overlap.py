"""Cluster networks that overlap each other, the machines or the VIP."""

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey3.networks import cluster_networks
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    cluster, config = subject.cluster, subject.config
    networks = cluster_networks(config)
    for place, one in enumerate(networks):
        for other in networks[:place]:
            if (
                one.key != other.key
                and one.network.version == other.network.version
                and one.network.overlaps(other.network)
            ):
                yield RULE.finding(
                    T(
                        "{one} {network} overlaps {other} {others}",
                        one=one.key,
                        network=one.network,
                        other=other.key,
                        others=other.network,
                    ),
                    T("Choose networks that do not overlap"),
                    at=config.place_at("network", *(one if config.entry_at("network", *one.path) else other).path),
                )
    endpoint = ip_of(subject.endpoint.address)
    machines = [(host.name, address) for host in cluster.hosts for address in host.addresses]
    machines += [(lb_host.name, lb_host.address) for lb_host in subject.lb_hosts or ()]
    for network in networks:
        inside = [(name, address) for name, address in machines if (ip := ip_of(address)) and ip in network.network]
        if inside:
            name, address = inside[0]
            yield RULE.finding(
                T(
                    "{key} {network} contains {address} of {name}",
                    key=network.key,
                    network=network.network,
                    address=address,
                    name=node_names(name),
                ),
                T("Choose a network that contains no machine and no VIP"),
                at=config.place_at("network", *network.path),
            )
        elif endpoint is not None and endpoint in network.network:
            yield RULE.finding(
                T(
                    "address {address} is in {key} {network}, which the cluster uses for pods or services",
                    address=subject.endpoint.address,
                    key=network.key,
                    network=network.network,
                ),
                T("Use an address outside the cluster's networks"),
                at=subject.endpoint.place_of("address"),
            )


RULE = Rule(
    "KK322",
    Severity.ERROR,
    T("networks that overlap each other or the machines"),
    check,
    why=T(
        "Pods and services get addresses from networks that exist only inside the cluster. If one of these "
        "networks overlaps another or that of the machines, packets for a machine go to a pod or get lost: "
        "some nodes reach each other and some do not. The defaults are 10.233.64.0/18 for pods and "
        "10.233.0.0/18 for services. Kube-OVN also uses 100.64.0.0/16 between nodes and pods."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultPodsCIDR, DefaultServiceCIDR, DefaultJoinCIDR; Kubernetes, Cluster Networking",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: 172.16.0.0/16
""",
    good="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
""",
)
