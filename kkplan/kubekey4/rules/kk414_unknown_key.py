"""A key, or a group, of either file that KubeKey 4 silently ignores."""

from collections.abc import Iterator
from typing import NamedTuple

from kkplan.document.node import Entry, Mapping, Node, Scalar, resolve_alias
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.loading import BLOCK_PATH, CONFIG_KIND, INVENTORY_KIND, Part, is_of_kubekey_3
from kkplan.kubekey4.shape import shape_of_kind
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, Text, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.schema.near import near_key
from kkplan.schema.shape import Shape
from kkplan.shown import HIDDEN, is_identifier

# KubeKey 3's names, and names that people write by analogy → KubeKey 4's.
_IN_BLOCK = {"domain": "host", "address": "local.address", "internalLoadbalancer": "type"}
_IN_SPEC = {
    "controlPlaneEndpoint": "kubernetes.control_plane_endpoint",
    "control_plane_endpoint": "kubernetes.control_plane_endpoint",
    "roleGroups": "spec.groups of the inventory",
    "hosts": "spec.hosts of the inventory",
}
_IN_KUBERNETES = {
    "version": "kube_version",
    "clusterName": "cluster_name",
    "proxyMode": "kube_proxy.mode",
    "apiserverCertExtraSans": "apiserver.certSANs",
    "controlPlaneEndpoint": "control_plane_endpoint",
}
_IN_HOST = {
    "address": "connector.host",
    "internalAddress": "internal_ipv4",
    "user": "connector.user",
    "password": "connector.password",
    "privateKeyPath": "connector.private_key",
}
_IN_CONNECTOR = {"address": "host", "privateKeyPath": "private_key"}
_GROUPS = {
    "master": "kube_control_plane",
    "control-plane": "kube_control_plane",
    "control_plane": "kube_control_plane",
    "worker": "kube_worker",
    "registry": "image_registry",
}


class _Unknown(NamedTuple):
    path: tuple[str, ...]
    entry: Entry
    name: str
    guess: str
    known: tuple[str, ...]
    flow: bool


def check(subject: Subject) -> Findings:
    files = subject.config
    if files.load_stops:
        return
    for part, kind in ((files.config, CONFIG_KIND), (files.inventory_part, INVENTORY_KIND)):
        if part is None or is_of_kubekey_3(part):
            continue  # KK405 reports it
        spec = part.node("spec")
        if isinstance(spec, Mapping):
            for unknown in _unknown(spec, shape_of_kind(kind).keys["spec"][1], (), folds=kind == INVENTORY_KIND):
                yield from _finding(files, part, unknown)


def _finding(files: Files, part: Part, unknown: _Unknown) -> Findings:
    is_group = unknown.path == ("groups",) and part is files.inventory_part
    if is_group and files.inventory is not None:
        if any(unknown.name in group.groups for group in files.inventory.groups.values()):
            return  # a group of the user's own, that one of kk's contains
        message = T("unknown group {key}: no role of kk uses it", key=unknown.name)
    else:
        is_shown = unknown.guess or (is_identifier(unknown.name) and not unknown.flow)
        message = T("unknown key {key}: kk silently ignores it", key=unknown.name if is_shown else HIDDEN)
    yield RULE.finding(message, _advice(unknown), at=part.document.place_of(unknown.entry.key))


def _advice(unknown: _Unknown) -> Text:
    if unknown.guess:
        return T("Did you mean {guess}?", guess=named(unknown.guess))
    return T("Known keys: {keys}", keys=", ".join(unknown.known))


def _unknown(node: Mapping, shape: Shape, path: tuple[str, ...], *, folds: bool = False) -> Iterator[_Unknown]:
    """What is certainly none of kk's keys: any in a closed block, elsewhere only what resembles one of them.

    Args:
        folds: Go decodes these keys itself, in any case.
    """
    for entry in node.entries:
        name = entry.key.value if isinstance(entry.key, Scalar) else ""
        name = name.casefold() if folds else name
        known = shape.keys.get(name)
        if known is not None or not shape.keys:
            inner = known[1] if known is not None else shape.rest
        elif name == "<<" or not name:
            continue
        else:
            inner = shape.rest
            guess = _formerly(path).get(name, "") or near_key(name, shape)
            if guess or _is_closed(path):
                yield _Unknown(path, entry, name, guess, tuple(key for key, _ in shape.keys.values()), node.flow)
        value: Node = resolve_alias(entry.value)
        if isinstance(value, Mapping) and inner is not None:
            yield from _unknown(value, inner, (*path, name))


def _is_closed(path: tuple[str, ...]) -> bool:
    """Whether all keys of the mapping are known for certain."""
    is_host_part = path[:1] == ("hosts",) and path[2:] == ("connector",)
    return _within_block(path) or is_host_part or (path[:1] == ("groups",) and len(path) == 2)


def _within_block(path: tuple[str, ...]) -> bool:
    return any(path[start : start + 2] == BLOCK_PATH for start in range(len(path)))


def _formerly(path: tuple[str, ...]) -> dict[str, str]:
    if path[-2:] == BLOCK_PATH:
        return _IN_BLOCK
    if path[-1:] == ("kubernetes",):
        return _IN_KUBERNETES
    if path[:1] == ("hosts",):
        return {2: _IN_HOST, 3: _IN_CONNECTOR}.get(len(path), {})
    return {(): _IN_SPEC, ("groups",): _GROUPS}.get(path, {})


RULE = Rule(
    "KK414",
    Severity.WARNING,
    T("a key or a group that kk 4 silently ignores"),
    check,
    why=T(
        "In kk 4 all below spec is a free map: a key that no role reads is a variable of your own, and kk reports nothing. A misspelled address is then an empty one, a misspelled type the default without a load balancer, and a misspelled group has no hosts. Keys are compared letter for letter. kkplan reports any unknown key in the endpoint's block, in connector and in groups, and elsewhere those that resemble a key of KubeKey 4 or are KubeKey 3's."
    ),
    source="KubeKey v4.0.6, api/core/v1/config_types.go (spec is raw); builtin/core/roles/defaults; run: tests/kubekey4",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    domain: lb.example.com\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    host: lb.example.com\n",
)
