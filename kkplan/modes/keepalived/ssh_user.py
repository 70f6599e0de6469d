"""The question for the user of SSH to the LB servers."""

from __future__ import annotations

from kkplan.cluster.cluster import ROOT, Cluster
from kkplan.locale import T
from kkplan.modes.question import Answers, Question, answer_text, is_user_name, user_problem
from kkplan.shown import shown


def user_of_nodes(cluster: Cluster) -> str:
    """The user that KubeKey logs in as on every node; root if there are several, or a text that may not be shown."""
    users = {host.user for host in cluster.hosts}
    (user,) = users if len(users) == 1 else (ROOT,)
    return user if is_user_name(user) and shown(user) == user else ROOT


def ssh_user_of(cluster: Cluster, answers: Answers) -> str:
    """The user as answered, else that of the nodes."""
    return answer_text(answers, SSH_USER.name) or user_of_nodes(cluster)


SSH_USER = Question(
    name="ssh_user",
    metavar="USER",
    prompt=T("User for SSH to the LB servers; one other than root needs sudo there"),
    help=T(
        "User for SSH to the LB servers; needs sudo unless it is root [default: the config's for all nodes, or root]"
    ),
    problem=user_problem,
    default=lambda cluster, today, answers: user_of_nodes(cluster),
)
