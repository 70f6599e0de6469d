"""A value of internalLoadbalancer that kk treats as empty."""

from kkplan.document.setting import Setting
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.typo_hints import half_width, meant_load_balancer, mixes_load_balancer_and_address
from kkplan.locale import T
from kkplan.nearest import nearest
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint = subject.endpoint
    value = endpoint.internal_loadbalancer
    if value not in ("", HAPROXY, KUBE_VIP):
        guess = meant_load_balancer(half_width(value)) or nearest(value, (HAPROXY, KUBE_VIP))
        yield RULE.finding(
            T(
                "unknown internalLoadbalancer {value}: kk silently sets up no load balancer",
                value=value,
            ),
            T("Did you mean {guess}?", guess=guess) if guess else T("Use haproxy or kube-vip"),
            at=endpoint.place_of("internalLoadbalancer"),
            fix=_fix(subject.config),
        )


def _fix(config: Config) -> Fix | None:
    """Set the name in the right spelling. haproxy allows no address, kube-vip needs one."""
    meant = meant_load_balancer(config.text_at("controlPlaneEndpoint", "internalLoadbalancer"))
    address = config.text_at("controlPlaneEndpoint", "address")
    if not meant or mixes_load_balancer_and_address(config) or (meant == KUBE_VIP and not address):
        return None
    return Fix((config.change(Setting("internalLoadbalancer", meant)),))


RULE = Rule(
    "KK111",
    Severity.ERROR,
    T("an unknown value of internalLoadbalancer"),
    check,
    why=T(
        "kk compares the value exactly with haproxy and kube-vip. It treats any other value as empty: no "
        "message, no load balancer."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, IsInternalLBEnabled, IsInternalLBEnabledVip",
    bad="""\
kubernetes:
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube_vip
  address: 172.16.0.100
""",
    good="""\
kubernetes:
  proxyMode: iptables
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
""",
    fixable=True,
)
