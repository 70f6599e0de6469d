"""An endpoint as Go reads it, written down a second time and without kkplan: yaml.v2's merges, JSON's order of keys."""

from __future__ import annotations

from typing import Any

import yaml

_NULLS = ("", "~", "null", "Null", "NULL")
_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")


def endpoint_of(data: bytes) -> dict[str, Any]:
    """The block of the Cluster: `domain`, `address`, `port`, `internalLoadbalancer`, `externalDNS` as kk has them."""
    roots = [_data(root) for root in yaml.compose_all(data.decode(), Loader=yaml.CSafeLoader)]
    (cluster,) = [root for root in roots if isinstance(root, dict) and root.get("kind", ("",))[0] == "Cluster"]
    found: dict[str, Any] = {}
    for spec in _of(cluster, "spec"):
        for block in _of(spec, "controlPlaneEndpoint"):
            for key in ("domain", "address", "internalLoadbalancer", "externalDNS", "port"):
                for text, quoted in _of(block, key):
                    if quoted or text not in _NULLS:
                        found[key] = text
                    elif key == "externalDNS":
                        found.pop(key, None)
    return {
        "domain": found.get("domain") or "lb.kubesphere.local",
        "address": found.get("address", ""),
        "port": _integer(found.get("port", "0")) or 6443,
        "internalLoadbalancer": found.get("internalLoadbalancer", ""),
        "externalDNS": found.get("externalDNS") in _TRUE,
    }


def _of(mapping: Any, key: str) -> list[Any]:
    """The values under all spellings of the key, in the order in which Go reads them one over the other."""
    if not isinstance(mapping, dict):
        return []
    return [mapping[name] for name in sorted(mapping) if name.casefold() == key.casefold()]


def _data(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return list(map(_data, node.value))
    if isinstance(node, yaml.ScalarNode):
        return node.value, bool(node.style) or node.tag == "!!str"
    data: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<" and not key.style:
            bases = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for base in reversed(bases):
                data.update(_data(base))
        else:
            data[key.value] = _data(value)
    return data


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    if digits.lstrip("+-")[:1] == "0" and digits.isdigit():
        return int(digits, 8)
    try:
        return int(digits, 0)
    except ValueError:
        return int(float(digits))
