"""kube-vip: a virtual IP address (VIP) that one of the control planes holds; KubeKey 4 installs it, only the config changes.

Source: KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/tasks/high-availability/kube_vip.yaml and
templates/kubevip/kubevip.ARP.
"""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.cluster.cluster import is_ipv6
from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.locale import T, Text
from kkplan.modes.mode import Mode
from kkplan.modes.question import Answers, Question, always, answer_text, ip_problem
from kkplan.modes.shared_questions import DOMAIN, domain_of, subnet_hint, vip_example


def _vip_problem(text: str) -> Text | None:
    if is_ipv6(text):
        return T("{value} is IPv6: KubeKey looks for kube-vip's network among IPv4 addresses only", value=text)
    return ip_problem(text)


ADDRESS = Question(
    name="address",
    metavar="IP",
    prompt=T("Virtual IP address (VIP): IPv4, unused and in the control planes' subnet"),
    help=T("cloud-lb: the load balancer's IP address; keepalived: the VIP, as IP or IP/PREFIX; kube-vip: the VIP"),
    problem=_vip_problem,
    required=always,
    judged_by=("KK402", "KK403"),
    hint=subnet_hint,
    example=lambda cluster, today: vip_example(cluster, today).partition("/")[0],
)


class KubeVip(Mode):
    """kube-vip on the control planes."""

    name = "kube-vip"
    rank = 4
    title = T("A VIP on the control planes, with KubeKey 4 only")
    when = T("For sites without spare servers whose outside clients need one address.")
    questions: tuple[Question, ...] = (ADDRESS, DOMAIN)

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """The VIP, at the port that kube-vip serves."""
        return WantedEndpoint(EndpointKind.KUBE_VIP, domain_of(today, answers), answer_text(answers, "address"))

    def advice(self, output_dir: str) -> Sequence[Text]:
        """What it does worse than a pair of servers, and what to look at."""
        return (
            T(
                "kube-vip is weaker than a pair of LB servers: one control plane holds the VIP and carries all requests. If it "
                "fails, its lease of 5 s must expire first. With --mode keepalived the VIP moves in about 1 s, and requests "
                "are spread"
            ),
            T("Check that the VIP is unused, and that every control plane has a NIC in its subnet"),
        )


MODE = KubeVip()
