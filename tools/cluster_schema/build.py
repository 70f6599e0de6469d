"""The files generated from the parts."""

from __future__ import annotations

import json
from pathlib import Path

from tools.cluster_schema import (
    addons,
    cluster,
    dns,
    endpoint,
    etcd,
    hosts,
    kubernetes,
    network,
    registry,
    storage,
    system,
)
from tools.cluster_schema.keys import Keys, Node, Part

ROOT = Path(__file__).parents[2]
PARTS: tuple[Part, ...] = tuple(
    module.PART
    for module in (cluster, hosts, endpoint, system, kubernetes, etcd, dns, network, storage, registry, addons)
)


def files() -> dict[str, str]:
    """File path in the repository → content."""
    made = {f"schemas/cluster.{version}.schema.json": _as_json(schema(version)) for version in ("v1alpha1", "v1alpha2")}
    return {**made, "docs/cluster-schema.md": _table()}


def schema(version: str) -> Node:
    """The JSON Schema of a Cluster of this version.

    It checks only documents of kind Cluster, because an editor's modeline applies to every document of a file, and a
    ClusterConfiguration may follow.
    """
    definitions: Keys = {}
    for part in PARTS:
        sources = part.sources if version == "v1alpha2" else part.sources_v1alpha1
        for name, node in (part.v1alpha2 if version == "v1alpha2" else part.v1alpha1).items():
            definitions[name] = {"$comment": f"KubeKey: {sources[name]}", **node}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"cluster.{version}.schema.json",
        "title": f"KubeKey 集群配置 {version}",
        "description": f"A config of KubeKey 3 and older: documents of kind Cluster, {version}. Other documents are not checked.",
        "type": "object",
        "if": {"properties": {"kind": {"const": "Cluster"}}, "required": ["kind"]},
        "then": {"$ref": "#/definitions/cluster"},
        "definitions": definitions,
    }


def _as_json(node: Node) -> str:
    return json.dumps(node, ensure_ascii=False, indent=2) + "\n"


_HEAD = """# The schema of a Cluster, and where each key comes from

`schemas/cluster.v1alpha2.schema.json` and `schemas/cluster.v1alpha1.schema.json` contain every key that KubeKey reads, with
its type, default, a Chinese title and an English description. `kkplan schema cluster.v1alpha2` prints one,
`kkplan schema cluster.v1alpha2 --modeline` the line with which an editor checks a config against it.

A struct of KubeKey is closed in the schema, because encoding/json silently ignores every other key. Values that KubeKey
passes on unchanged (a `runtime.RawExtension` or a map) are open. The source files are those of
github.com/kubesphere/kubekey, v3.1.8 unless stated otherwise. KubeKey 2.1 removed v1alpha1's types; kk 3 reads such a
document with v1alpha2's types. `make schemas` generates the schemas and this page from `tools/cluster_schema/`.
"""


def _table() -> str:
    lines = [_HEAD]
    for part in PARTS:
        lines += [f"## {part.title}", "", "| definition | version | keys | KubeKey's source |", "|---|---|---|---|"]
        for version, definitions, sources in (
            ("v1alpha2", part.v1alpha2, part.sources),
            ("v1alpha1", part.v1alpha1, part.sources_v1alpha1),
        ):
            lines += [
                f"| `{name}` | {version} | {_keys(node)} | {sources[name]} |" for name, node in definitions.items()
            ]
        lines.append("")
    return "\n".join(lines)


def _keys(node: Node) -> str:
    return ", ".join(f"`{key}`" for key in node.get("properties", ()))
