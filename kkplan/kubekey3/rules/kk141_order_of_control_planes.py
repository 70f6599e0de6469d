"""Control planes in different orders: kk may start the cluster on one that the endpoint does not point to."""

from kkplan.cluster.endpoint import Route
from kkplan.kubekey3.effective import effective_endpoint
from kkplan.kubekey3.roles import CONTROL_PLANE_GROUPS
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

# Here the domain points to the first control plane until the cluster is up. A load balancer finds any that answers.
_TO_THE_FIRST = (Route.LOCAL_HAPROXY, Route.FIRST_CONTROL_PLANE)


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    if len(cluster.control_planes) < 2 or subject.config.role_groups.stops_at(*CONTROL_PLANE_GROUPS):
        return
    if subject.endpoint.address or effective_endpoint(subject).route not in _TO_THE_FIRST:
        return
    first = cluster.control_planes[0].name
    control_planes = {host.name for host in cluster.control_planes}
    for group, members in subject.config.role_groups.groups:
        other = next((name for name in members if name in control_planes), first)
        if other != first and group not in CONTROL_PLANE_GROUPS:  # kk merges them: KK129
            yield RULE.finding(
                T(
                    "{group} lists {other} before {first}: kk may start the cluster on {other} while {domain} points to {first}",
                    group=group,
                    other=node_names(other),
                    first=node_names(first),
                    domain=subject.endpoint.domain,
                ),
                T(
                    "In {group}, list {first} before the other control planes, or list no control plane there",
                    first=node_names(first),
                    group=group,
                ),
                at=subject.config.place_of_group(group),
            )


_HAPROXY = "controlPlaneEndpoint:\n  internalLoadbalancer: haproxy\n"

RULE = Rule(
    "KK141",
    Severity.WARNING,
    T("role groups that list the control planes in different orders"),
    check,
    why=T(
        "kk goes through the role groups in an order that Go randomizes on each run. The first control plane "
        "it meets becomes the first one of the cluster. For the endpoint's address, kk uses the first host "
        "of the control plane group itself. If the two differ, kubeadm on one machine waits for an API "
        "server on another. The install fails on some runs and works on others."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/kube_runtime.go, NewKubeRuntime; cmd/kk/pkg/core/connector/runtime.go, AppendRoleMap; cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultLBCfg",
    bad=ROLES.replace("etcd: [master1, master2, master3]", "etcd: [master3, master2, master1]") + _HAPROXY,
    good=ROLES + _HAPROXY,
)
