"""Questions that more than one mode asks."""

from __future__ import annotations

from kkplan.cluster.cluster import Cluster
from kkplan.locale import T
from kkplan.modes.question import Answers, Question, answer_text, domain_problem, port_problem


def _port_of_file(cluster: Cluster, answers: Answers) -> str:
    return str(cluster.endpoint.port)


def _domain_of_file(cluster: Cluster, answers: Answers) -> str:
    return cluster.endpoint.domain


DOMAIN = Question(
    name="domain",
    metavar="NAME",
    prompt=T("Domain of the control plane endpoint"),
    help=T("Domain of the control plane endpoint; the file's own, or lb.kubesphere.local"),
    problem=domain_problem,
    default=_domain_of_file,
)

PORT = Question(
    name="port",
    metavar="PORT",
    prompt=T("Port that the load balancer listens on"),
    help=T("Port that the load balancer listens on; the file's own, or 6443. API servers stay on 6443"),
    problem=port_problem,
    default=_port_of_file,
    integer=True,
)


def port_of(cluster: Cluster, answers: Answers) -> int:
    """The endpoint's port: as answered, else as the file has it where that is one, else 6443."""
    answer = answer_text(answers, PORT.name)
    if answer:
        return int(answer)
    return cluster.endpoint.port if port_problem(str(cluster.endpoint.port)) is None else 6443


def domain_of(cluster: Cluster, answers: Answers) -> str:
    """The endpoint's domain: as answered, else as the file has it, else KubeKey's default."""
    return answer_text(answers, DOMAIN.name) or cluster.endpoint.domain
