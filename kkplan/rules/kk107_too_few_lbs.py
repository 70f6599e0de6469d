"""One LB server is a single point of failure."""

from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    if subject.lb_hosts is not None and len(subject.lb_hosts) < 2:
        yield RULE.finding(
            T("only {count} LB server: if it fails, so does the endpoint", count=len(subject.lb_hosts)),
            T("Set at least two: --lb lb1=IP --lb lb2=IP"),
        )


RULE = Rule(
    "KK107",
    Severity.ERROR,
    T("fewer than two LB servers"),
    check,
    why=T(
        "A floating IP needs a second server to move to. If the only LB server fails, so does the endpoint, "
        "just as it fails with a control plane when there is no load balancer."
    ),
    source="keepalived.conf(5), vrrp_instance",
    bad="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0",
    good="$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0",
)
