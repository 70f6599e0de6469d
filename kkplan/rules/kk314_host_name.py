"""A host name that Kubernetes rejects; for a plan, only one that its files cannot contain either."""

from kkplan.cluster.names import is_dns_name
from kkplan.locale import T, node_names
from kkplan.plan.example import HOSTS, ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject
from kkplan.shown import shown_node

_LONGEST = 63  # characters: the kubelet uses the name as the value of a label


def check(subject: Subject) -> Findings:
    for host in subject.cluster.hosts:
        is_node_name = is_dns_name(host.name) and len(host.name) <= _LONGEST
        fits = is_node_name if subject.whole_file else shown_node(host.name) == host.name
        if not fits:
            yield RULE.finding(
                T("invalid node name {name}", name=node_names(host.name)) if host.name else T("a host without a name"),
                T("Use lower-case letters, digits and hyphens, e.g. node-1"),
                at=host.place,
            )


RULE = Rule(
    "KK314",
    Severity.ERROR,
    T("a host name that Kubernetes rejects"),
    check,
    why=T(
        "kk sets this name as the machine's host name and later looks for a node with the same name. A node "
        "name must be a lower-case DNS subdomain. The kubelet registers Node1 as node1, which kk does not "
        "find; Kubernetes rejects an underscore. The name is also the value of the label "
        "kubernetes.io/hostname, which may have at most 63 characters."
    ),
    source="Kubernetes, Object Names and IDs, DNS Subdomain Names (RFC 1123); cmd/kk/pkg/bootstrap/os/tasks.go, NodeConfigureOS",
    bad=(HOSTS + ROLES).replace("node2", "Node_2"),
    good=(HOSTS + ROLES).replace("node2", "node-2"),
)
