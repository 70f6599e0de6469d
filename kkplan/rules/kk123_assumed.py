"""Assumed values (the NIC of an LB server, the prefix length of the VIP), before install.sh finds a mismatch."""

from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    assumed = [lb_host for lb_host in subject.lb_hosts or () if lb_host.nic_is_assumed]
    if assumed:
        yield RULE.finding(
            T(
                "no NIC set for {servers}: assuming {nic}. install.sh compares it with the server",
                servers=node_names(*(lb_host.name for lb_host in assumed)),
                nic=assumed[0].nic,
            ),
            T("Set it: --lb {name}={address},nic=NIC", name=node_names(assumed[0].name), address=assumed[0].address),
        )
    vip = subject.vip
    if vip is not None and vip.prefix_is_assumed:
        yield RULE.finding(
            T("no prefix set for the VIP: assuming /{prefix}", prefix=vip.prefix),
            T("Set the prefix of the subnet: --address {vip}/{prefix}", vip=vip.address, prefix=vip.prefix),
        )


RULE = Rule(
    "KK123",
    Severity.INFO,
    T("a NIC or a prefix that was not set"),
    check,
    why=T(
        "Keepalived needs the name of the NIC that holds the VIP, and the prefix length of the subnet. "
        "kkplan assumes common values for those that are not set. install.sh compares them with the server "
        "before it changes anything."
    ),
    source="keepalived.conf(5), vrrp_instance, virtual_ipaddress",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10 --lb lb1=172.16.0.2 --lb lb2=172.16.0.3",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
