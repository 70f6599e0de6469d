"""kube-vip: a virtual IP address (VIP) that one of the control planes holds; KubeKey 4 installs it, only the config changes.

Source: KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/tasks/high-availability/kube_vip.yaml and
templates/kubevip/kubevip.ARP.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from kkplan.cluster.cluster import Cluster, is_ip
from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.cluster.load_balancer import LoadBalancer
from kkplan.locale import T, Text, named
from kkplan.modes.question import Answers, Question, answer_text, ip_problem
from kkplan.modes.shared_questions import DOMAIN, domain_of
from kkplan.plan.artifact import Artifact
from kkplan.plan.shell_path import shell_path


def _always(answers: Answers) -> bool:
    return True


def _vip_problem(text: str) -> Text | None:
    if is_ip(text) and ip_address(text).version == 6:
        return T("{value} is IPv6: KubeKey looks for kube-vip's network among IPv4 addresses only", value=text)
    return ip_problem(text)


ADDRESS = Question(
    name="address",
    metavar="IP",
    prompt=T("Virtual IP address (VIP), free, IPv4 and in the control planes' network, e.g. 172.16.0.10"),
    help=T("cloud-lb: the load balancer's IP address; keepalived: the VIP, as IP or IP/PREFIX; kube-vip: the VIP"),
    problem=_vip_problem,
    required=_always,
    judged_by=("KK402", "KK403"),
)


class KubeVip:
    """kube-vip on the control planes."""

    name = "kube-vip"
    rank = 4
    title = T("kube-vip on the control planes (KubeKey 4 installs it)")
    when = T("No load balancer and no spare servers, but clients outside need one address. KubeKey 4 only.")
    questions: tuple[Question, ...] = (ADDRESS, DOMAIN)
    written_names = ()

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """The VIP, at the port that kube-vip serves."""
        return WantedEndpoint(EndpointKind.KUBE_VIP, domain_of(today, answers), answer_text(answers, "address"))

    def load_balancer(self, answers: Answers) -> LoadBalancer:
        """None of one's own."""
        return LoadBalancer()

    def advice(self, config_name: str, output_dir: str) -> Sequence[Text]:
        """What it does worse than a pair of servers, and what to look at."""
        config = "CONFIG" if config_name == "-" else shell_path(config_name)
        return (
            T(
                "kube-vip is weaker than a pair of LB servers: one control plane holds the VIP and carries all requests, and when it fails, its lease of 5 s has to expire first. With --mode keepalived the VIP moves in about 1 s, and requests are spread"
            ),
            T("Make sure that the VIP is free, and that every control plane has a NIC in its network"),
            T("Check the endpoint after the install: kkplan verify {config} --after-install", config=named(config)),
        )

    def artifacts(self, cluster: Cluster, today: Endpoint, answers: Answers, config_name: str) -> tuple[Artifact, ...]:
        """None: KubeKey brings the files."""
        return ()


MODE = KubeVip()
