"""The files generated from the parts."""

from __future__ import annotations

import json

from tools.kubekey4_schema import inventory, variables
from tools.kubekey4_schema.keys import Keys, Node, at, block, choice, text


def files() -> dict[str, str]:
    """File path in the repository → content."""
    return {
        f"schemas/{kind.lower()}.v1.schema.json": json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
        for kind in ("Config", "Inventory")
    }


def schema(kind: str) -> Node:
    """The JSON Schema of documents of this kind; others are not checked, because kk looks at no kind."""
    title, body = _BODIES[kind]
    document = block(
        title,
        f"A file of KubeKey 4 of kind {kind}.",
        {
            "apiVersion": choice("API 版本", "API group and version. kk does not check it.", *_API_VERSIONS),
            "kind": choice("类型", f"{kind}. kk does not check it.", kind),
            "metadata": block("元数据", "Name of the object.", {"name": text("名称", "Its name.", "name")}),
            "spec": body,
        },
    )
    definitions: Keys = {**variables.DEFINITIONS, "document": document}
    if kind == "Inventory":
        definitions |= inventory.DEFINITIONS
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{kind.lower()}.v1.schema.json",
        "title": title,
        "description": f"A {kind.lower()} of KubeKey 4: documents of kind {kind}. Other documents are not checked.",
        "type": "object",
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"$ref": "#/definitions/document"},
        "definitions": definitions,
    }


_API_VERSIONS = ("kubekey.kubesphere.io/v1", "kubekey.kubesphere.io/v1alpha2")
_BODIES = {
    "Config": ("KubeKey 4 配置", at("variables")),
    "Inventory": ("KubeKey 4 主机清单", at("inventory")),
}
