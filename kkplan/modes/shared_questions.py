"""Questions that more than one mode asks."""

from __future__ import annotations

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import Endpoint
from kkplan.cluster.network import free_address, nodes_network
from kkplan.locale import T, Text
from kkplan.modes.question import Answers, Question, answer_text, domain_problem, port_problem

DOMAIN = Question(
    name="domain",
    metavar="NAME",
    prompt=T("Domain of the control plane endpoint"),
    help=T("Domain of the endpoint [default: the config's, or lb.kubesphere.local]"),
    problem=domain_problem,
    default=lambda cluster, today, answers: today.domain,
)

PORT = Question(
    name="port",
    metavar="PORT",
    prompt=T("Port that the load balancer listens on"),
    help=T("Port that the load balancer listens on [default: the config's, or 6443]. API servers always use 6443"),
    problem=port_problem,
    default=lambda cluster, today, answers: str(today.port),
    integer=True,
)


def port_of(today: Endpoint, answers: Answers) -> int:
    """The endpoint's port: as answered, else the config's if it is valid, else 6443."""
    answer = answer_text(answers, PORT.name)
    if answer:
        return int(answer)
    return today.port if port_problem(str(today.port)) is None else 6443


def domain_of(today: Endpoint, answers: Answers) -> str:
    """The endpoint's domain: as answered, else the config's, else KubeKey's default."""
    return answer_text(answers, DOMAIN.name) or today.domain


def subnet_hint(cluster: Cluster) -> Text | None:
    """The nodes' subnet, and the addresses that it is guessed from; None if they are in several."""
    nodes = nodes_network(cluster)
    if nodes is None:
        return None
    return T(
        "nodes: {first} to {last}, so probably {network}", first=nodes.first, last=nodes.last, network=nodes.network
    )


def vip_example(cluster: Cluster, today: Endpoint) -> str:
    """A VIP in the nodes' subnet that the config does not use."""
    return free_address(cluster, today.address)
