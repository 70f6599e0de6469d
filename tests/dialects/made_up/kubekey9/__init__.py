"""A KubeKey that nobody has: a station in one file, its machines in another, keys in exact case, and a list to append to.

It stands for whatever comes next: all of it is this folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import Cluster, Host
from kkplan.cluster.endpoint import EffectiveEndpoint, EndpointKind, Route, WantedEndpoint
from kkplan.document.change import Change
from kkplan.document.node import Mapping as MappingNode
from kkplan.document.node import Node, Scalar, Sequence
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.setting import Setting
from kkplan.errors import KkplanError
from kkplan.locale import T
from kkplan.plan import rule
from kkplan.plan.dialect import CONFIG, FileRole
from kkplan.schema.shape import Shape, compiled

MACHINES = "machines"
SCHEMA = {
    "definitions": {
        "gate": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "x-shown": "host"},
                "at": {"type": "string", "x-shown": "host"},
                "port": {"type": "integer"},
                "key": {"type": "string", "writeOnly": True},
            },
        },
        "machines": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "kind": {"type": "string", "enum": ["Machines"]},
                "gate": {"$ref": "#/definitions/gate"},
                "machines": {"type": "array"},
            },
        },
        "station": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "kind": {"type": "string", "enum": ["Station"]},
                "gate": {"$ref": "#/definitions/gate"},
                "certs": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"names": {"type": "array", "items": {"type": "string", "x-shown": "host"}}},
                },
            },
        },
    }
}


class Gate(NamedTuple):
    domain: str
    address: str
    port: int
    place: Place

    def place_of(self, part: str) -> Place:
        return self.place


class Station(NamedTuple):
    """The files; a gate in that of the machines counts over the station's own."""

    document: Document
    root: MappingNode
    machines: Document

    @property
    def gates(self) -> tuple[tuple[str, Document], ...]:
        """The files that have a gate, by their roles; the station's counts as one that has."""
        second = self.machines.roots[0]
        has_one = isinstance(second, MappingNode) and second.find("gate") is not None
        return ((CONFIG, self.document), *([(MACHINES, self.machines)] if has_one else []))


Subject = rule.Subject[Gate, Station]


class KubeKey9:
    name = "kubekey9"
    assumes = None
    endpoint_path = "gate"
    endpoint_kinds = frozenset(EndpointKind) - {EndpointKind.INTERNAL_HAPROXY}
    file_roles = (FileRole(MACHINES, "machines.yaml", T("The machines of a station")),)

    def may_be_config(self, text: str) -> bool:
        return "Station" in text

    def recognises(self, document: Document) -> bool:
        return any(isinstance(root, MappingNode) and _text(root, "kind") == "Station" for root in document.roots)

    def read(self, documents: Mapping[str, Document]) -> Subject:
        document = documents[CONFIG]
        root = document.roots[0]
        assert isinstance(root, MappingNode)
        if MACHINES not in documents:
            raise KkplanError(T("a station needs its machines: --machines FILE"), file=document.name)
        hosts = tuple(_hosts(documents[MACHINES]))
        place = document.place_of(root.entries[0])
        cluster = Cluster("station", place, hosts, hosts[:3], hosts[3:], hosts[:3], "own")
        gate = root.find("gate")
        node = gate.value if gate is not None and isinstance(gate.value, MappingNode) else None
        port = node.find("port") if node is not None else None
        number = int(port.value.value) if port is not None and isinstance(port.value, Scalar) else 6443
        where = document.place_of(gate.key) if gate is not None else place
        station = Station(document, root, documents[MACHINES])
        return Subject(cluster, Gate(_text(node, "name"), _text(node, "at"), number, where), station)

    def effective(self, subject: Subject) -> EffectiveEndpoint:
        gate, planes = subject.endpoint, subject.cluster.control_planes
        route = Route.ADDRESS if gate.address else Route.FIRST_CONTROL_PLANE
        served = tuple(Backend(host.name, host.internal_address) for host in planes)
        summary = T("the gate at {address}", address=gate.address) if gate.address else T("no gate")
        return EffectiveEndpoint(
            route, gate.domain, gate.address, gate.port, bool(gate.address), summary, gate.address, served_by=served
        )

    def changes(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, tuple[Change, ...]]:
        if wanted.kind is EndpointKind.INTERNAL_HAPROXY:
            raise KkplanError(T("a station has no HAProxy of its own"))
        values = (
            Setting("name", wanted.domain),
            Setting("at", wanted.address, quoted=True),
            Setting("port", wanted.port),
        )
        item = Setting("names", wanted.address, quoted=True, is_item=True)
        gates = {role: (change_gate(*values),) for role, _ in subject.config.gates}
        return {**gates, CONFIG: (*gates[CONFIG], Change(0, ("certs",), (item,), keys_at))}

    def planned(self, subject: Subject, wanted: WantedEndpoint) -> Subject:
        gate = subject.endpoint._replace(domain=wanted.domain, address=wanted.address, port=wanted.port)
        return subject.replaced(endpoint=gate, today=subject.endpoint)

    def endpoint_description(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, str | None]:
        return {"name": wanted.domain, "at": f'"{wanted.address}"', "port": str(wanted.port)}

    def install_command(self, files: Mapping[str, str]) -> str:
        return f"station install {files[CONFIG]} {files[MACHINES]}"

    def shape_of(self, root: Node) -> Shape | None:
        kind = _text(root, "kind").lower() if isinstance(root, MappingNode) else ""
        return compiled(SCHEMA, f"#/definitions/{kind}") if kind in ("station", "machines") else None


def change_gate(*settings: Setting) -> Change:
    """What the gate of a file is to have."""
    return Change(0, ("gate",), settings, keys_at)


def keys_at(path: tuple[str, ...]) -> tuple[str, ...]:
    """The keys in their customary order; a gate has the same in both files."""
    shape = compiled(SCHEMA, "#/definitions/station")
    for key in path:
        shape = shape.keys[key][1]
    return tuple(name for name, _ in shape.keys.values())


def _hosts(document: Document) -> list[Host]:
    root = document.roots[0]
    found = root.find("machines") if isinstance(root, MappingNode) else None
    items = found.value.items if found is not None and isinstance(found.value, Sequence) else ()
    machines = [item for item in items if isinstance(item, MappingNode)]
    return [
        Host(_text(one, "called"), _text(one, "ip"), (_text(one, "ip"),), partial(document.place_of, one))
        for one in machines
    ]


def _text(node: MappingNode | None, key: str) -> str:
    entry = node.find(key) if node is not None else None
    return entry.value.value if entry is not None and isinstance(entry.value, Scalar) else ""


DIALECT = KubeKey9()
