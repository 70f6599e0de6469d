"""The endpoint's block in the inventory: under the config's, or where it reaches no host."""

from collections.abc import Iterator
from typing import Any

from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import Data, same
from kkplan.kubekey4.inventory import Inventory
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, Text, Verbatim, named, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    if files.load_stops or files.inventory is None:
        return
    yield from _overridden(files, files.inventory)
    yield from _reaching_nobody(files.inventory)
    yield from _differing(files, files.inventory)


def _overridden(files: Files, inventory: Inventory) -> Findings:
    """Values of the inventory that the config's own replace."""
    own = block_of(files.spec)
    where: list[tuple[Text | Verbatim, Data, Any]] = [(named("spec.vars"), inventory.variables, inventory.place)]
    where += [
        (T("group {group}", group=name), group.variables, inventory.place_of_group(name))
        for name, group in inventory.groups.items()
    ]
    where += [
        (T("host {host}", host=node_names(name)), data, inventory.place_of(name))
        for name, data in inventory.hosts.items()
        if "kubernetes" in data
    ]
    for name, data, place in where:
        keys = list(_overriding(block_of(data), own, (), set()))
        if keys:
            yield RULE.finding(
                T("{keys} of the inventory's {where}: the config's own values win", keys=", ".join(keys), where=name),
                T("Keep the endpoint in one of the two files"),
                at=place,
            )


def _overriding(below: Data, above: Data, path: tuple[str, ...], done: set[tuple[int, int]]) -> Iterator[str]:
    """The keys with other values; mappings that aliases lead to again are compared once."""
    done.add((id(below), id(above)))
    for key in (key for key in below if key in above):
        value, other = below[key], above[key]
        if isinstance(value, dict) and isinstance(other, dict):
            if (id(value), id(other)) not in done:
                yield from _overriding(value, other, (*path, key), done)
        elif not same(value, other):
            yield ".".join((*path, key))


def _reaching_nobody(inventory: Inventory) -> Findings:
    for name, group in inventory.groups.items():
        if block_of(group.variables) and not group.hosts:
            yield RULE.finding(
                T(
                    "the variables of group {group} reach no host: kk gives them only to hosts that it lists itself",
                    group=name,
                ),
                T("Move the endpoint into the config"),
                at=inventory.place_of_group(name),
            )


def _differing(files: Files, inventory: Inventory) -> Findings:
    """Hosts of which one sees another endpoint than the first."""
    cluster = [host for host in inventory.members_of("k8s_cluster") if host in inventory.hosts]
    blocks = {host: block_of(files.variables(host)) for host in cluster}
    other = next((host for host in cluster if not same(blocks[host], blocks[cluster[0]])), None)
    if other is not None:
        yield RULE.finding(
            T(
                "hosts {host} and {other} see different endpoints: what kk sets up depends on the node that it asks",
                host=node_names(cluster[0]),
                other=node_names(other),
            ),
            T("Write the endpoint into the config: it is the same for all hosts then"),
            at=inventory.place_of(other),
        )


RULE = Rule(
    "KK415",
    Severity.WARNING,
    T("an endpoint in the inventory that does not count"),
    check,
    why=T(
        "The block may also be in the inventory: in spec.vars, in the vars of a group, or at a host. The config wins over all of them, a host over its groups, and groups over spec.vars. Variables of a group reach only the hosts that the group lists itself, not those of the groups in it. If nodes see different blocks, kk reads some values on one node and some on another."
    ),
    source="KubeKey v4.0.6, pkg/variable/variable_get.go, GetAllVariable; pkg/variable/helper.go, ConvertGroup",
    bad="# inventory.yaml\nvars:\n  kubernetes:\n    control_plane_endpoint:\n      type: kube-vip\n",
    good="# inventory.yaml\nvars:\n  kubernetes:\n    control_plane_endpoint:\n      type: haproxy\n",
)
