"""cloud-lb: a dedicated load balancer of the cloud; the config gets its address; a request for it goes to the load balancer team.

Source: the guide's 使用专用负载均衡器.
"""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.cluster.cluster import Cluster, is_ip
from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.locale import T, Text
from kkplan.modes.mode import Mode
from kkplan.modes.question import Answers, Question, answer_text, domain_problem, ip_problem
from kkplan.modes.shared_questions import DOMAIN, PORT, domain_of, port_of
from kkplan.plan.artifact import Artifact
from kkplan.plan.installation import Installation


def _has_no_dns_name(answers: Answers) -> bool:
    return not answer_text(answers, "dns_name")


def _has_no_address(answers: Answers) -> bool:
    return not answer_text(answers, "address")


def _address_problem(text: str) -> Text | None:
    if not is_ip(text) and "." in text and domain_problem(text) is None:
        return T(
            "{value} is a name. For a load balancer without a fixed IP address, use: --dns-name {value}", value=text
        )
    return ip_problem(text)


ADDRESS = Question(
    name="address",
    metavar="IP",
    prompt=T("IP address of the cloud's load balancer (empty if it has only a DNS name)"),
    help=T("cloud-lb: the load balancer's IP address; keepalived: the VIP, as IP or IP/PREFIX; kube-vip: the VIP"),
    problem=_address_problem,
    required=_has_no_dns_name,
    skippable=True,
    instead="dns_name",
    judged_by=("KK104", "KK322"),
)

DNS_NAME = Question(
    name="dns_name",
    metavar="NAME",
    prompt=T("DNS name of the cloud's load balancer"),
    help=T("The load balancer's DNS name, if it has no fixed IP address"),
    problem=domain_problem,
    required=_has_no_address,
    asked=_has_no_address,
    instead="address",
)


class CloudLb(Mode):
    """The cloud's own load balancer."""

    name = "cloud-lb"
    rank = 2
    title = T("The cloud's load balancer")
    when = T("Layer 4, two or more instances.")
    questions: tuple[Question, ...] = (ADDRESS, DNS_NAME, PORT, DOMAIN._replace(asked=_has_no_dns_name))
    written_names = ("README.md", "listener.json")

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """The load balancer's address, or its DNS name."""
        dns_name, port = answer_text(answers, "dns_name"), port_of(today, answers)
        if dns_name:
            return WantedEndpoint(EndpointKind.DNS_NAME, dns_name, port=port)
        address = answer_text(answers, "address")
        return WantedEndpoint(EndpointKind.ADDRESS, domain_of(today, answers), address, port)

    def advice(self, output_dir: str) -> Sequence[Text]:
        """What to do before the install."""
        return (T("Send README.md and listener.json to the load balancer team, then run the tests in README.md"),)

    def artifacts(
        self, cluster: Cluster, today: Endpoint, answers: Answers, installation: Installation
    ) -> tuple[Artifact, ...]:
        """The request: README.md and listener.json."""
        from kkplan.modes.cloud_lb.order import OrderSettings, order

        if not cluster.backends:
            return ()  # nothing to request; KK118 says why
        dns_name = answer_text(answers, "dns_name")
        return order(
            OrderSettings(
                address=answer_text(answers, "address"),
                dns_name=dns_name,
                port=port_of(today, answers),
                backends=cluster.backends,
                domain=dns_name or domain_of(today, answers),
                installation=installation,
            )
        )


MODE = CloudLb()
