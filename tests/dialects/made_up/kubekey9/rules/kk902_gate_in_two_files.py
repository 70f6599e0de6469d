"""A gate in the file of the machines, at another port than the station's; a plan writes the port in both."""

from kkplan.kubekey9 import MACHINES, Subject, change_gate  # type: ignore[import-untyped] # as in KK901

from kkplan.document.node import Mapping, Scalar
from kkplan.document.setting import Setting
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if subject.today is not None:
        return
    for role, document in subject.config.gates:
        root = document.roots[0]
        gate = root.find("gate").value if role == MACHINES else None
        port = gate.find("port") if isinstance(gate, Mapping) else None
        if port is None or not isinstance(port.value, Scalar) or port.value.value == str(subject.endpoint.port):
            continue
        yield RULE.finding(
            T("the machines look for the gate at port {port}", port=port.value.value),
            T("Write the same port in both files"),
            at=document.place_of(port),
            fix=Fix((change_gate(Setting("port", subject.endpoint.port)),), file=document.name),
        )


RULE = Rule(
    "KK902", Severity.WARNING, T("two ports"), check, T("Why."), "nowhere", "gate: x\n", "gate: y\n", fixable=True
)
