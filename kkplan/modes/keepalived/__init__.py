"""keepalived: two or more servers of your own run Keepalived and HAProxy with a virtual IP (VIP).

Source: the guide's 使用通用服务器作为负载均衡器.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.cluster.load_balancer import LbHost, LoadBalancer, Vip
from kkplan.cluster.network import ASSUMED_PREFIX
from kkplan.locale import T, Text, listed, named
from kkplan.modes.keepalived.lb_question import LB, lb_host
from kkplan.modes.keepalived.ssh_user import SSH_USER, ssh_user_of, user_of_nodes
from kkplan.modes.mode import Mode
from kkplan.modes.question import (
    Answers,
    Question,
    always,
    answer_list,
    answer_text,
    quoted,
    router_id_problem,
    vip_problem,
)
from kkplan.modes.shared_questions import DOMAIN, PORT, domain_of, port_of, subnet_hint, vip_example
from kkplan.plan.artifact import Artifact
from kkplan.plan.installation import Installation
from kkplan.visible import on_one_line

GUIDE = "guide"
LB_FILES_CHOICES = ("kkplan", GUIDE)
GUIDE_ROUTER_ID = 60  # as the guide prints it


def vip_of(answers: Answers) -> Vip | None:
    """The VIP with its prefix, /24 or /64 where none is given; None if it is not answered."""
    text = answer_text(answers, "address")
    if not text:
        return None
    address, _, prefix = text.partition("/")
    canonical = str(ip_address(address))
    if prefix:
        return Vip(canonical, int(prefix))
    return Vip(canonical, ASSUMED_PREFIX[ip_address(address).version], prefix_is_assumed=True)


def router_id_of(answers: Answers) -> int:
    """The virtual_router_id as answered, else the VIP's last byte, which pairs in one subnet rarely share.

    In the guide's files it is the guide's.
    """
    answer = answer_text(answers, "virtual_router_id")
    if answer:
        return int(answer)
    vip = None if wants_guide(answers) else vip_of(answers)
    return (ip_address(vip.address).packed[-1] if vip is not None else 0) or GUIDE_ROUTER_ID


def wants_guide(answers: Answers) -> bool:
    """Whether the LB servers get the files of KubeSphere's guide."""
    return answer_text(answers, "lb_files") == GUIDE


def _files_problem(text: str) -> Text | None:
    if text in LB_FILES_CHOICES:
        return None
    return T("unknown LB files {value}. Choose one of: {names}", value=quoted(text), names=listed(LB_FILES_CHOICES))


ADDRESS = Question(
    name="address",
    metavar="IP",
    prompt=T("Virtual IP address (VIP), unused and in the LB servers' subnet"),
    help=T("cloud-lb: the load balancer's IP address; keepalived: the VIP, as IP or IP/PREFIX; kube-vip: the VIP"),
    problem=vip_problem,
    required=always,
    hint=subnet_hint,
    example=vip_example,
    judged_by=("KK104", "KK322"),
)

VIRTUAL_ROUTER_ID = Question(
    name="virtual_router_id",
    metavar="1-255",
    prompt=T("virtual_router_id, not used by any other VRRP router in the subnet"),
    help=T("virtual_router_id, 1 to 255 [default: the last byte of the VIP]"),
    problem=router_id_problem,
    default=lambda cluster, today, answers: str(router_id_of(answers)),
    integer=True,
)

LB_FILES = Question(
    name="lb_files",
    metavar="|".join(LB_FILES_CHOICES),
    prompt=T("haproxy.cfg and keepalived.conf"),
    help=T("haproxy.cfg and keepalived.conf: kkplan's, or as KubeSphere's guide prints them [default: kkplan]"),
    problem=_files_problem,
    in_wizard=False,
)


class KeepalivedPair(Mode):
    """Two or more servers with Keepalived, HAProxy and a VIP."""

    name = "keepalived"
    rank = 3
    title = T("Your own servers with HAProxy and a VIP")
    when = T("Needs two spare Linux servers in the nodes' subnet.")
    questions: tuple[Question, ...] = (ADDRESS, PORT, LB, SSH_USER, VIRTUAL_ROUTER_ID, DOMAIN, LB_FILES)
    written_names = (
        "README.md",
        "install.sh",
        "ansible/inventory.yaml",
        "ansible/install.yaml",
        "ansible/uninstall.yaml",
        "*/haproxy.cfg",
        "*/keepalived.conf",
        "*/check-haproxy.sh",
        "*/kkplan-restart.conf",
        "*/kkplan-haproxy.conf",
    )

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """The VIP, without its prefix."""
        vip = vip_of(answers)
        address = vip.address if vip is not None else ""
        return WantedEndpoint(EndpointKind.ADDRESS, domain_of(today, answers), address, port_of(today, answers))

    def load_balancer(self, answers: Answers) -> LoadBalancer:
        """The VIP and the LB servers."""
        hosts = _lb_hosts(answers) if "lb" in answers else None
        return LoadBalancer(vip_of(answers), hosts, wants_guide(answers))

    def advice(self, output_dir: str) -> Sequence[Text]:
        """What to do before the install."""
        return (
            T(
                "Set up the LB servers and test their failover, as described in {file}",
                file=named(on_one_line(str(Path(output_dir, "README.md")))),
            ),
        )

    def artifacts(
        self, cluster: Cluster, today: Endpoint, answers: Answers, installation: Installation
    ) -> tuple[Artifact, ...]:
        """The runbook, the installer, and the files of each LB server."""
        from kkplan.modes.keepalived.bundle import bundle
        from kkplan.modes.keepalived.pair_settings import PairSettings

        vip = vip_of(answers)
        if vip is None:
            return ()
        return bundle(
            PairSettings(
                vip=vip,
                port=port_of(today, answers),
                virtual_router_id=router_id_of(answers),
                lb_hosts=_lb_hosts(answers),
                backends=cluster.backends,
                domain=domain_of(today, answers),
                installation=installation,
                node_user=user_of_nodes(cluster),
                ssh_user=ssh_user_of(cluster, answers),
                is_guide=wants_guide(answers),
            )
        )


def _lb_hosts(answers: Answers) -> tuple[LbHost, ...]:
    return tuple(lb_host(text) for text in answer_list(answers, "lb"))


MODE = KeepalivedPair()
