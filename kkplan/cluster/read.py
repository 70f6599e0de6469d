"""Read the cluster from a located config, by KubeKey's rules. Passwords and keys are never looked at."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import K3S, KUBERNETES, Cluster, Host
from kkplan.cluster.config import Config, ConfigError
from kkplan.cluster.endpoint import ENDPOINT_KEYS, Endpoint, WrittenValue
from kkplan.cluster.roles import MAX_NAMES, RoleProblem, RoleTrap, expand
from kkplan.document.node import Mapping, Node, Scalar, Sequence, lookup, merged_entries, resolve_alias
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.rows import Columns, Row
from kkplan.document.scalar import NULLS, Value, is_null, meaning
from kkplan.document.setting import name_of
from kkplan.document.settings import mapping_of
from kkplan.locale import T, Text

# cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, HostCfg.
HOST_KEYS = (
    "name",
    "address",
    "internalAddress",
    "port",
    "user",
    "password",
    "privateKey",
    "privateKeyPath",
    "arch",
    "timeout",
    "labels",
)


# What hosts have together where they are aliases of one mapping; without any, `parse` has counted.
_MAX_HOST_KEYS = 1_000_000


def read_cluster(config: Config) -> Cluster:
    """The cluster that the config describes.

    Raises:
        ConfigError: the hosts, or what the role groups expand to, are more than any cluster has.
    """
    document, spec = config.document, config.spec
    hosts_node = _child(spec, "hosts")
    crowded = list(document.crowded)
    hosts = tuple(_hosts(document, hosts_node, crowded))
    rows = (node for series in document.series for node in series.nodes if isinstance(node, Row))
    hosts_rows = {item.start for item in _items(hosts_node)}
    crowded += (row for row in rows if row.start not in hosts_rows and row.repeats)
    groups, problems = _groups(document, _child(spec, "roleGroups"), {host.name for host in hosts})
    metadata = _child(config.root, "metadata")
    distribution = _distribution(_child(spec, "kubernetes"))
    return Cluster(
        name=name if isinstance(name := _value(_child(metadata, "name")), str) else "",
        hosts=hosts,
        groups=groups,
        role_problems=problems,
        endpoint=_endpoint(config),
        etcd_type=_etcd_type(_child(spec, "etcd"), distribution),
        duplicate_keys=tuple(_duplicate_keys(document, config.root, crowded)),
        place=document.place_of(config.root.entries[0].key),
        group_places=tuple(_group_places(document, _child(spec, "roleGroups"))),
        skips_hosts_file=_value(_child(_child(spec, "system"), "skipConfigureOS")) is True,
        distribution=distribution,
    )


def _distribution(kubernetes: Node | None) -> str:
    """What stands behind the hyphen of the version, else the type (default.go, SetDefaultClusterCfg)."""
    suffix = _text(kubernetes, "version").partition("-")[2].partition("-")[0]
    return suffix or _text(kubernetes, "type") or KUBERNETES


def _etcd_type(etcd: Node | None, distribution: str) -> str:
    """kubekey without any; K3s has no kubeadm (default.go, SetDefaultEtcdCfg)."""
    written = _text(etcd, "type")
    return "kubekey" if not written or (written == "kubeadm" and distribution == K3S) else written


def _child(node: Node | None, key: str) -> Node | None:
    entry = lookup(node, key) if isinstance(node, Mapping) else None
    return resolve_alias(entry.value) if entry is not None else None


def _value(node: Node | None) -> Value:
    return meaning(node) if isinstance(node, Scalar) else None


def _text(node: Node | None, key: str) -> str:
    value = _child(node, key)
    return value.value if isinstance(value, Scalar) and not is_null(value) else ""


def _items(node: Node | None) -> tuple[Node, ...]:
    return tuple(resolve_alias(item) for item in node.items) if isinstance(node, Sequence) else ()


def _hosts(document: Document, hosts: Node | None, crowded: list[Mapping]) -> Iterator[Host]:
    """The hosts. Those rows among them that have a key twice are added to `crowded`."""
    columns = Columns(*_HOST_TEXTS)
    keys = 0
    for item in _items(hosts):
        if not isinstance(item, Mapping):
            continue
        if item.start in document.aliased:
            keys += len(item.entries) + sum(1 for _ in merged_entries(item))
            if keys > _MAX_HOST_KEYS:
                raise _too_large(document, item, T("hosts: more keys than any cluster has. Write fewer aliases (*…)"))
        written = columns.of(item) if isinstance(item, Row) else None
        if written is not None:
            name, address, internal = map(_row_text, written)
        else:
            if isinstance(item, Row) and item.repeats:
                crowded.append(item)
            name, address, internal = _host_texts(item)
        yield Host(name, address or internal, _parts(internal or address), document, item)


_HOST_TEXTS = ("name", "address", "internalAddress")


def _parts(addresses: str) -> tuple[str, ...]:
    if "," not in addresses:
        address = addresses.strip()
        return (address,) if address else ()
    return tuple(part.strip() for part in addresses.split(",") if part.strip())


def _host_texts(host: Mapping) -> tuple[str, ...]:
    """What of a host is read, "" for nothing. Each is spelled as KubeKey does, or else looked for by its rules."""
    values: dict[str, str] = {}
    for key, value in host.entries:
        if isinstance(key, Scalar) and key.value in _HOST_TEXTS and isinstance(value, Scalar):
            values.setdefault(key.value, "" if is_null(value) else value.value)
    return tuple(values[name] if name in values else _text(host, name) for name in _HOST_TEXTS)


def _row_text(written: str) -> str:
    return written[1:-1] if written[0] in "\"'" else "" if written in NULLS else written


def _groups(
    document: Document, groups: Node | None, known: set[str]
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[RoleProblem, ...]]:
    members: list[tuple[str, tuple[str, ...]]] = []
    problems: list[RoleProblem] = []
    count = 0
    for entry in groups.entries if isinstance(groups, Mapping) else ():
        group = name_of(entry)
        names: list[str] = []
        for item in _items(resolve_alias(entry.value)):
            if isinstance(item, Scalar):
                expanded, traps = expand(item.value)
                count += len(expanded) + 1
                if count > MAX_NAMES:
                    message = T("roleGroups expand to more than {limit} hosts, which no cluster has", limit=MAX_NAMES)
                    raise _too_large(document, item, message)
                unknown = [name for name in expanded if name not in known]
                traps += (RoleTrap.UNKNOWN_HOST,) * bool(unknown)
                for trap in traps:
                    place = document.place_of(item)
                    concerned = tuple(unknown) if trap is RoleTrap.UNKNOWN_HOST else expanded
                    problems.append(RoleProblem(trap, group, item.value, place, concerned))
                names += (name for name in expanded if name in known)
        members.append((group, tuple(names)))
    return tuple(members), tuple(problems)


def _too_large(document: Document, node: Node, message: Text) -> ConfigError:
    return ConfigError(message, file=document.name, line=document.line_of(node.start))


def _group_places(document: Document, groups: Node | None) -> Iterator[tuple[str, Place]]:
    for entry in groups.entries if isinstance(groups, Mapping) else ():
        yield name_of(entry), document.place_of(entry.key)


def _endpoint(config: Config) -> Endpoint:
    document = config.document
    entry = config.block.entry
    mapping = mapping_of(document, config.block)
    values: dict[str, WrittenValue] = {}
    for key in ENDPOINT_KEYS[:-1]:
        found = lookup(mapping, key) if mapping is not None else None
        if found is not None:
            place = document.place_of(found)
            value = resolve_alias(found.value)
            values[key] = WrittenValue(_value(value), place, name_of(found), isinstance(value, Scalar))
    known = {key.casefold() for key in ENDPOINT_KEYS} | {"<<"}
    unknown = tuple(
        (name_of(other), document.place_of(other.key))
        for other in (mapping.entries if mapping is not None else ())
        if name_of(other).casefold() not in known
    )
    shown = entry or config.root.find("spec")
    place = document.place_of(shown.key if shown is not None else config.spec)
    flow = mapping is not None and mapping.flow
    return Endpoint(values, place, unknown, _text(_child(mapping, "kubevip"), "mode"), flow)


def _duplicate_keys(document: Document, root: Node, crowded: list[Mapping]) -> Iterator[tuple[str, Place]]:
    for mapping in crowded:
        if not root.start <= mapping.start < root.end:
            continue
        seen: set[str] = set()
        for entry in mapping.entries:
            name = name_of(entry)
            if name in seen and name != "<<":
                yield name, document.place_of(entry.key)
            seen.add(name)
