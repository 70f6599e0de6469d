"""Both names of the control plane role group in one file."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    masters, control_planes = subject.config.hosts_in("master"), subject.config.hosts_in("control-plane")
    if masters and control_planes and set(masters) != set(control_planes):  # KK140 reports the same hosts twice
        yield RULE.finding(
            T(
                "control planes in two groups: kk merges them into {count}, starting with {first}",
                first=node_names(*(host.name for host in masters[:5])),
                count=len(subject.cluster.control_planes),
            ),
            T("List them all in control-plane (in old versions of KubeKey: master)"),
            at=subject.config.place_of_group("control-plane"),
        )


RULE = Rule(
    "KK129",
    Severity.WARNING,
    T("control planes in both master and control-plane"),
    check,
    why=T(
        "control-plane is the newer name of the group master. kk appends the hosts of one group to the "
        "other, so a group that was copied but not renamed gives more control planes than intended. The "
        "cluster starts with the first host of master. KubeKey before 2.0 reads only master."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts",
    bad=ROLES.replace(
        "control-plane: [master1, master2, master3]", "master: [master1]\n  control-plane: [master2, master3]"
    ),
    good=ROLES,
)
