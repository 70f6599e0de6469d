"""A gate at the address of a machine."""

from kkplan.kubekey9 import Subject  # type: ignore[import-untyped] # its folder is added to kkplan's when it is tried

from kkplan.locale import T, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    owner = subject.cluster.host_at(subject.endpoint.address)
    if owner is not None:
        yield RULE.finding(
            T("the gate is {name} itself", name=node_names(owner.name)),
            T("Give it an address of its own"),
            at=subject.endpoint.place,
        )


RULE = Rule("KK901", Severity.ERROR, T("a gate at a machine"), check, T("Why."), "nowhere", "gate: x\n", "gate: y\n")
