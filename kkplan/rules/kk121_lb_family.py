"""LB servers without an address of the VIP's family."""

from ipaddress import ip_address

from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    vip = subject.vip
    if vip is None:
        return
    for lb_host in subject.lb_hosts or ():
        if ip_address(lb_host.address).version != ip_address(vip.address).version:
            yield RULE.finding(
                T(
                    "the address of LB server {lb}, {address}, is not of the same family as the VIP {vip}",
                    lb=node_names(lb_host.name),
                    address=lb_host.address,
                    vip=vip.address,
                ),
                T("Use an address of the server that is of the same family as the VIP"),
            )


RULE = Rule(
    "KK121",
    Severity.ERROR,
    T("VIP and LB servers of different address families"),
    check,
    why=T(
        "A VRRP instance advertises addresses of one family, and sends from an address of the same family. A "
        "server without such an address cannot hold the VIP."
    ),
    source="RFC 5798, 5.2.9; keepalived.conf(5), unicast_src_ip",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=fd00::2,nic=eth0 --lb lb2=fd00::3,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
