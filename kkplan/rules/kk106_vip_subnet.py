"""A VIP outside the subnet of the servers that hold it."""

from ipaddress import ip_address, ip_network

from kkplan.cluster.cluster import is_ip
from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    vip = subject.vip
    if vip is None or not is_ip(vip.address):
        return
    network = ip_network(f"{vip.address}/{vip.prefix}", strict=False)
    for lb_host in subject.lb_hosts or ():
        address = ip_address(lb_host.address)
        if address.version == network.version and address not in network:
            yield RULE.finding(
                T(
                    "LB server {lb} ({address}) is not in the VIP's subnet {network}: the VIP would be unreachable there",
                    lb=node_names(lb_host.name),
                    address=lb_host.address,
                    network=network,
                ),
                T(
                    "Put the servers and the VIP in one subnet. If the subnet is larger, set its prefix: --address {vip}/PREFIX",
                    vip=vip.address,
                ),
                at=subject.endpoint.place_of("address"),
            )


RULE = Rule(
    "KK106",
    Severity.ERROR,
    T("a VIP outside the subnet of an LB server"),
    check,
    why=T(
        "Keepalived announces the VIP by ARP (IPv6: neighbour discovery) on the NIC of the server that holds "
        "it. Machines in another subnet never ask for the VIP on that link, so only that server can reach "
        "it, or no machine at all."
    ),
    source="keepalived.conf(5), virtual_ipaddress; RFC 5798, 8.1.2; kubeasz issue 1280",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.1.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
