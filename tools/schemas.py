"""Write what is made of other files about KubeKey's schemas: `make schemas`.

The schemas of KubeKey 4's two files share most of their definitions, so both are made of tools/kubekey4_schema. Those of
a Cluster are written by hand, and docs/cluster-schema.md lists where each of their definitions is from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kkplan.schema.stored import schema
from tools.kubekey4_schema import build as kubekey4

ROOT = Path(__file__).parents[1]
VERSIONS = ("v1alpha2", "v1alpha1")

_HEAD = """# The schema of a Cluster, and where each key comes from

`schemas/cluster.v1alpha2.schema.json` and `schemas/cluster.v1alpha1.schema.json` contain every key that KubeKey reads, with
its type, default, a Chinese title and an English description. `kkplan schema cluster.v1alpha2` prints one,
`kkplan schema cluster.v1alpha2 --modeline` the line with which an editor checks a config against it.

A struct of KubeKey is closed in the schema, because encoding/json silently ignores every other key. Values that KubeKey
passes on unchanged (a `runtime.RawExtension` or a map) are open; so are `calicoTypha` and `calicoController`, of which only
the uses have been read, not the structs. null is valid almost everywhere, because encoding/json then leaves the field
unchanged; not for the items of a list, where it would become an empty string. The source files are those of
github.com/kubesphere/kubekey, v3.1.8 unless stated otherwise. KubeKey 2.1 removed v1alpha1's types; kk 3 reads such a
document with v1alpha2's types. `make schemas` lists the definitions below with the sources in their `$comment`.
"""


def files() -> dict[str, str]:
    """File path in the repository → content."""
    return {**kubekey4.files(), "docs/cluster-schema.md": _HEAD + "".join(map(_table, VERSIONS))}


def _table(version: str) -> str:
    definitions: dict[str, Any] = schema(f"cluster.{version}")["definitions"]
    rows = [
        f"| `{name}` | {_keys(node)} | {node['$comment'].removeprefix('KubeKey: ')} |\n"
        for name, node in definitions.items()
    ]
    return f"\n## {version}\n\n| definition | keys | KubeKey's source |\n|---|---|---|\n{''.join(rows)}"


def _keys(node: dict[str, Any]) -> str:
    return ", ".join(f"`{key}`" for key in node.get("properties", ()))


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, encoding="utf-8")
