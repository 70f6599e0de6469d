"""Both names of the control planes' role group in one file."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find hosts in `master` and in `control-plane`."""
    masters, control_planes = subject.config.hosts_in("master"), subject.config.hosts_in("control-plane")
    if masters and control_planes and set(masters) != set(control_planes):  # the same hosts twice are KK140's
        yield RULE.finding(
            T(
                "control planes in two groups: kk merges them, {first} first; {count} in all",
                first=node_names(*(host.name for host in masters[:5])),
                count=len(subject.cluster.control_planes),
            ),
            T("Name them all in control-plane (master in old versions of KubeKey)"),
            at=subject.config.place_of_group("control-plane"),
        )


RULE = Rule(
    "KK129",
    Severity.WARNING,
    T("control planes in both master and control-plane"),
    check,
    why=T(
        "control-plane is the newer name of the group master. kk appends the hosts of the one to the other, so a group "
        "that was copied and not renamed gives more control planes than meant. The first of master is the one that the "
        "cluster starts with. A KubeKey before 2.0 reads master only."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts",
    bad="""\
roleGroups:
  etcd: [master1, master2, master3]
  master: [master1]
  control-plane: [master2, master3]
  worker: [node1, node2]
""",
    good="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [node1, node2]
""",
)
