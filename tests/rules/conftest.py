"""One builder of configs for the tests of rules and clusters, and what the rules find in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import indent
from typing import Any

from kkplan.cluster.cluster import Cluster
from kkplan.disk.config_file import ConfigFile
from kkplan.document.change import change_document
from kkplan.document.parse import parse
from kkplan.kubekey3.config import Config, locate
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answer
from kkplan.plan.finding import Finding
from kkplan.rules.catalogue import judge
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_reading
from kkplan.use.make_plan import planned_subject
from kkplan.use.read import Reading, read


def host(name: str, address: str, internal: str = "") -> str:
    """A line of `hosts`; the values as they are to stand there, quotes included."""
    return f"- {{name: {name}, address: {address}, internalAddress: {internal or address}, user: root, password: Qcloud@1}}"


MASTERS = (host("master1", "172.16.0.4"), host("master2", "172.16.0.5"), host("master3", "172.16.0.6"))
NODES = (host("node1", "172.16.0.7"), host("node2", "172.16.0.8"))
ROLES = {
    "etcd": ("master1", "master2", "master3"),
    "control-plane": ("master1", "master2", "master3"),
    "worker": ("node1", "node2"),
}
ENDPOINT = 'domain: lb.kubesphere.local\naddress: "172.16.0.100"\nport: 6443\n'


def config_text(
    endpoint: str | None = ENDPOINT,
    *,
    hosts: Sequence[str] = (*MASTERS, *NODES),
    roles: Mapping[str, Sequence[str]] = ROLES,
    metadata: str = "{name: sample}",
    more: str = "",
) -> str:
    """A config of three control planes and two workers behind a load balancer, in which no rule finds anything.

    Args:
        endpoint: what stands below controlPlaneEndpoint; None: there is no block.
        roles: role group → its entries as they are to stand there, one a line.
        more: further keys of spec.
    """
    groups = "".join(f"{name}:\n" + "".join(f"- {entry}\n" for entry in entries) for name, entries in roles.items())
    spec = "hosts:\n" + "".join(f"{line}\n" for line in hosts) + "roleGroups:\n" + indent(groups, "  ")
    if endpoint is not None:
        spec += "controlPlaneEndpoint:\n" + indent(endpoint.rstrip(), "  ") + "\n"
    top = f"apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {metadata}\nspec:\n"
    return top + indent(spec + more, "  ")


def reading_of(text: str) -> Reading:
    """What the config describes."""
    return read(ConfigFile("config-sample.yaml", text.encode()))


def config_file(text: str) -> Config:
    """The config as it is located in its file."""
    return locate(parse(text.encode(), "config-sample.yaml"))


def cluster_of(text: str) -> Cluster:
    """The cluster that the config describes."""
    return reading_of(text).subject.cluster


def judged(text: str, ids: Iterable[str] | None = None, **changes: Any) -> list[Finding]:
    """What the rules find in the config as it is, with these attributes of the subject."""
    return list(judge(reading_of(text).subject.replaced(**changes), "kubekey3", ids))


def found(rule_id: str, text: str, *, permissions: int | None = None) -> list[Finding]:
    """What the rule finds in the config as it is."""
    reading = read(ConfigFile("config-sample.yaml", text.encode(), permissions))
    judged_ones = judge(reading.subject.replaced(whole_file=True), reading.dialect.name)
    return [finding for finding in judged_ones if finding.id == rule_id]


def judged_in_plan(text: str, mode: str, **answers: Answer) -> list[Finding]:
    """What the rules find in the config as the mode would make it, with the servers that were answered."""
    reading = reading_of(text)
    return list(judge(planned_subject(reading, mode_named(mode), answers), "kubekey3"))


def found_in_plan(rule_id: str, text: str, mode: str, **answers: Answer) -> list[Finding]:
    """What the rule finds there."""
    return [finding for finding in judged_in_plan(text, mode, **answers) if finding.id == rule_id]


def found_for_pair(
    rule_id: str, *servers: str, vip: str = "172.16.0.100/24", port: str = "6443", text: str | None = None
) -> list[Finding]:
    """What the rule finds for these LB servers (`NAME=IP[,nic=NIC]`) behind that VIP."""
    return found_in_plan(rule_id, text or config_text(), "keepalived", address=vip, port=port, lb=servers)


def line_with(text: str, part: str) -> int:
    """The number of the one line that has the part in it."""
    (number,) = [number for number, line in enumerate(text.splitlines(), 1) if part in line]
    return number


def mended(rule_id: str, text: str) -> str:
    """The config once the rule's findings are fixed: unchanged where none can be."""
    document = parse(text.encode(), "config-sample.yaml")
    checked = check_reading(reading_of(text), Selection((rule_id,)))
    fixes = [finding.fix for finding in checked.findings if finding.fix is not None]
    changes = [change for fix in fixes for change in fix.changes]
    return change_document(document, changes, [piece for fix in fixes for piece in fix.pieces]).data.decode()
