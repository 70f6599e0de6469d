"""LB servers must differ from each other and from the VIP."""

from kkplan.cluster.cluster import same_address
from kkplan.locale import T, Text, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    names: set[str] = set()
    others: list[tuple[str, Text]] = [(subject.vip.address, T("the VIP"))] if subject.vip is not None else []
    for lb_host in subject.lb_hosts or ():
        if lb_host.name in names:
            yield RULE.finding(
                T("two LB servers are named {name}", name=node_names(lb_host.name)), T("Give each server a unique name")
            )
        owner = next((owner for address, owner in others if same_address(lb_host.address, address)), None)
        if owner is not None:
            yield RULE.finding(
                T(
                    "the address of LB server {name}, {address}, is also that of {owner}",
                    name=node_names(lb_host.name),
                    address=lb_host.address,
                    owner=owner,
                ),
                T("Give each server its own address. For the VIP, use an address that no machine has"),
            )
        names.add(lb_host.name)
        others.append((lb_host.address, T("LB server {name}", name=node_names(lb_host.name))))


RULE = Rule(
    "KK122",
    Severity.ERROR,
    T("an LB server with the name or address of another, or with the VIP's address"),
    check,
    why=T(
        "Each server gets a folder with its name, and lists the addresses of the others as its VRRP peers. "
        "The files of two servers with the same name would overwrite each other. Two servers with the same "
        "address are one server."
    ),
    source="keepalived.conf(5), unicast_peer",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.2,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
