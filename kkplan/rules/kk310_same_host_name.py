"""Two hosts with the same name: kk keeps only the last."""

from kkplan.cluster.cluster import Host
from kkplan.locale import T, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    owners: dict[str, Host] = {}
    for host in subject.cluster.hosts:
        owner = owners.setdefault(host.name, host)
        if owner is not host:
            yield RULE.finding(
                T(
                    "a second host named {name}; the first is on line {line}. kk keeps only this one",
                    name=node_names(host.name),
                    line=owner.line,
                ),
                T("Give each host a unique name"),
                at=host.place,
            )


RULE = Rule(
    "KK310",
    Severity.ERROR,
    T("two hosts with the same name"),
    check,
    why=T(
        "kk stores the hosts in a map by name. Of two hosts with the same name only the last remains. The "
        "other machine is never installed, although it is in the file and in the certificates."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts",
    bad=HOSTS
    + "- {name: node2, address: 172.16.0.9, internalAddress: 172.16.0.9, user: root, privateKeyPath: ~/.ssh/id_rsa}\n",
    good=HOSTS,
)
