"""A role group that kk does not know."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.place import Place
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.roles import ROLE_GROUPS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.nearest import CLOSE, nearest
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_NODES = "k8s"  # the role of every node; its hosts join as workers do (kube_runtime.go, NewKubeRuntime)
_OTHER_WORDS = {"node": "worker", "nodes": "worker", "agent": "worker", "agents": "worker", "server": "control-plane"}


def check(subject: Subject) -> Iterator[Finding]:
    """Find names of groups that are none of KubeKey's."""
    for group, place in subject.config.role_groups.places:
        if group in ROLE_GROUPS:
            continue
        if group == _NODES:
            yield from _without_haproxy(subject, place)
            continue
        folded = group.casefold().replace("_", "-")
        near = _OTHER_WORDS.get(folded) or nearest(folded, ROLE_GROUPS, CLOSE)
        yield RULE.finding(
            T("KubeKey does not know the role group {group}: who is only in it never joins the cluster", group=group),
            T("Did you mean {guess}?", guess=near) if near else T("Known keys: {keys}", keys=", ".join(ROLE_GROUPS)),
            at=place,
        )


def _without_haproxy(subject: Subject, place: Place) -> Iterator[Finding]:
    """Hosts of `k8s` that have no other role: with internal HAProxy kk points them at a HAProxy that they do not get."""
    cluster = subject.cluster
    others = {host.name for host in (*cluster.control_planes, *cluster.workers)}
    alone = [host.name for host in subject.config.hosts_in(_NODES) if host.name not in others]
    if alone and subject.endpoint.internal_loadbalancer == HAPROXY:
        yield RULE.finding(
            T(
                "{hosts} in role group {group} only: kk points them at 127.0.0.1:6443 but installs HAProxy on workers only",
                hosts=node_names(*alone[:5]),
                group=_NODES,
            ),
            T("Name them under worker"),
            at=place,
            severity=Severity.ERROR,
        )


RULE = Rule(
    "KK136",
    Severity.WARNING,
    T("a role group that KubeKey does not know"),
    check,
    why=T(
        "roleGroups may have any key, and kk takes the groups that it knows by their exact names. Hosts of another group are prepared like the others but get no role: they never join the cluster, and nothing says so. The group k8s is the exception: kk gives its hosts the role of a node, and they join."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts, and Master, ControlPlane, Worker, ETCD, Registry; cmd/kk/pkg/common/kube_runtime.go, NewKubeRuntime",
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
