"""A registry group of several hosts: nodes use only the first one."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    hosts = subject.config.hosts_in("registry")
    if len(hosts) > 1:
        yield RULE.finding(
            T(
                "registry lists {count} hosts, but nodes pull images only from {first}",
                count=len(hosts),
                first=node_names(hosts[0].name),
            ),
            T("List one host, or set registry.privateRegistry to your own registry"),
            at=subject.config.place_of_group("registry"),
        )


RULE = Rule(
    "KK330",
    Severity.WARNING,
    T("several hosts in the role group registry"),
    check,
    why=T(
        "kk installs a registry on each host of the group, but writes only the first host's address for the "
        "registry's name into /etc/hosts of all nodes. The others stay empty and unused. If the first host "
        "fails, no other takes over."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/bootstrap/registry/module.go",
    bad=ROLES + "  registry: [node1, node2]\n",
    good=ROLES + "  registry: [node1]\n",
    for_plans=False,
)
