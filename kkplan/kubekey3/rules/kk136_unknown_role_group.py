"""A role group that kk does not know."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.roles import ROLE_GROUPS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.nearest import CLOSE, nearest
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_OTHER_WORDS = {"node": "worker", "nodes": "worker", "agent": "worker", "agents": "worker", "server": "control-plane"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find names of groups that are none of KubeKey's."""
    for group, place in subject.config.role_groups.places:
        if group in ROLE_GROUPS or group == "<<":
            continue
        folded = group.casefold().replace("_", "-")
        near = _OTHER_WORDS.get(folded) or nearest(folded, ROLE_GROUPS, CLOSE)
        yield RULE.finding(
            T("KubeKey does not know the role group {group}: who is only in it never joins the cluster", group=group),
            T("Did you mean {guess}?", guess=near) if near else T("Known keys: {keys}", keys=", ".join(ROLE_GROUPS)),
            at=place,
        )


RULE = Rule(
    "KK136",
    Severity.WARNING,
    T("a role group that KubeKey does not know"),
    check,
    why=T(
        "roleGroups may have any key, and kk takes the groups that it knows by their exact names. Hosts of another group are prepared like the others but get no role: they never join the cluster, and nothing says so."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts, and Master, ControlPlane, Worker, ETCD, Registry",
    bad="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [node1]
  workers: [node2]
""",
    good="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [node1, node2]
""",
)
