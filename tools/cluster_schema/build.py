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
from tools.cluster_schema.keys import Keys, Node

ROOT = Path(__file__).parents[2]
PARTS = (cluster, hosts, endpoint, system, kubernetes, etcd, dns, network, storage, registry, addons)
# KubeKey 2.1 removed v1alpha1's types, so that its schema no longer changes: it is kept as it is.
FINISHED = ROOT / "schemas" / "cluster.v1alpha1.schema.json"


def files() -> dict[str, str]:
    """File path in the repository → content."""
    return {"schemas/cluster.v1alpha2.schema.json": as_json(schema()), "docs/cluster-schema.md": _page()}


def schema() -> Node:
    """The JSON Schema of a Cluster.

    It checks only documents of kind Cluster, because an editor's modeline applies to every document of a file, and a
    ClusterConfiguration may follow.
    """
    definitions: Keys = {}
    for part in PARTS:
        definitions |= part.DEFINITIONS
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "cluster.v1alpha2.schema.json",
        "title": "KubeKey 集群配置 v1alpha2",
        "description": "A config of KubeKey 3 and older: documents of kind Cluster, v1alpha2. Other documents are not checked.",
        "type": "object",
        "if": {"properties": {"kind": {"const": "Cluster"}}, "required": ["kind"]},
        "then": {"$ref": "#/definitions/cluster"},
        "definitions": definitions,
    }


def as_json(node: Node) -> str:
    """The text of a schema's file."""
    return json.dumps(node, ensure_ascii=False, indent=2) + "\n"


_HEAD = """# The schema of a Cluster, and where each key comes from

`schemas/cluster.v1alpha2.schema.json` and `schemas/cluster.v1alpha1.schema.json` contain every key that KubeKey reads, with
its type, default, a Chinese title and an English description. `kkplan schema cluster.v1alpha2` prints one,
`kkplan schema cluster.v1alpha2 --modeline` the line with which an editor checks a config against it.

A struct of KubeKey is closed in the schema, because encoding/json silently ignores every other key. Values that KubeKey
passes on unchanged (a `runtime.RawExtension` or a map) are open. The source files are those of
github.com/kubesphere/kubekey, v3.1.8 unless stated otherwise. KubeKey 2.1 removed v1alpha1's types; kk 3 reads such a
document with v1alpha2's types. `make schemas` generates v1alpha2's schema and this page from `tools/cluster_schema/`;
v1alpha1's no longer changes.
"""


def _page() -> str:
    finished: Node = json.loads(FINISHED.read_text(encoding="utf-8"))
    return _HEAD + _table("v1alpha2", schema()["definitions"]) + _table("v1alpha1", finished["definitions"])


def _table(version: str, definitions: Keys) -> str:
    rows = [
        f"| `{name}` | {_keys(node)} | {node['$comment'].removeprefix('KubeKey: ')} |\n"
        for name, node in definitions.items()
    ]
    return f"\n## {version}\n\n| definition | keys | KubeKey's source |\n|---|---|---|\n{''.join(rows)}"


def _keys(node: Node) -> str:
    return ", ".join(f"`{key}`" for key in node.get("properties", ()))
