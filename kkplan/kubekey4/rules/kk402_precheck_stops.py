"""What ends kk 4 before it has changed a machine: while it loads its defaults, or in its precheck."""

from kkplan.kubekey4.precheck import Phase
from kkplan.kubekey4.rules.places import failure_findings
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if not subject.config.has_other_inventory:
        yield from failure_findings(subject.config, RULE, Phase.DEFAULTS, Phase.PRECHECK)


RULE = Rule(
    "KK402",
    Severity.ERROR,
    T("kk stops in its precheck"),
    check,
    why=T(
        "kk puts its defaults below what the files say, and then runs its precheck on all hosts. It stops at the first task that fails, so one mistake hides the next. This rule reports all that can be seen in the files: groups, host names, internal addresses, the number of etcd hosts, kube-vip's address, and values of a type that no default has."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/precheck; pkg/variable/yaml.go, handleMap",
    bad="# config.yaml\ncri:\n  container_manager: podman\n",
    good="# config.yaml\ncri:\n  container_manager: containerd\n",
    instead_of=frozenset(("KK108", "KK109", "KK118", "KK312", "KK314")),
)
