"""kube-vip without an address that can move."""

from kkplan.kubekey3.effective import is_kube_vip_without_address
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if is_kube_vip_without_address(subject.endpoint):
        yield RULE.finding(
            T("kube-vip has no address: kk stops with an error, but only after it has prepared the nodes")
            if subject.endpoint.external_dns
            else T("kube-vip has no address: the VIP becomes the first control plane's own IP and cannot move"),
            T("Set address to a free IP of the subnet"),
            at=subject.endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule(
    "KK110",
    Severity.ERROR,
    T("kube-vip without an address"),
    check,
    why=T(
        "kk fills in an empty address before it checks that kube-vip has one, so the check never fails. The "
        "VIP becomes the first control plane's own IP, which cannot move to another machine. With "
        "externalDNS the address stays empty, and kk stops after it has prepared the nodes."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultLBCfg; cmd/kk/pkg/loadbalancer/tasks.go, CheckVIPAddress",
    bad="""\
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: ""
""",
    good="""\
kubernetes:
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
)
