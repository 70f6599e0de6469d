"""A plain number that starts with 0, which is octal to kk."""

import re

from kkplan.document.node import Mapping, Node, Scalar, Sequence
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_OCTAL = re.compile(r"[-+]?0[0-7]+\Z")


def check(subject: Subject) -> Findings:
    config = subject.config
    waiting: list[Node] = [config.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [entry.value for entry in reversed(node.entries)]
        elif isinstance(node, Sequence):
            waiting += reversed(node.items)
        elif isinstance(node, Scalar) and not node.style and not node.tag and _OCTAL.match(node.value):
            yield RULE.finding(
                T("a number with a leading zero is octal to kk: its value is not what it looks like"),
                T("Remove the leading zero. If the value is a string, put it in quotes"),
                at=config.document.place_of(node),
            )


RULE = Rule(
    "KK304",
    Severity.WARNING,
    T("a number with a leading zero"),
    check,
    why=T(
        "kk reads YAML by the rules of version 1.1, where a number with a leading 0 is octal: port 022 is "
        "18. A value that should be a string, such as a password, becomes another number and is not a string "
        "at all."
    ),
    source="sigs.k8s.io/yaml with gopkg.in/yaml.v2, resolve.go; YAML 1.1, int",
    bad=HOSTS.replace("172.16.0.8, user", "172.16.0.8, port: 022, user"),
    good=HOSTS.replace("172.16.0.8, user", "172.16.0.8, port: 22, user"),
    for_plans=False,
)
