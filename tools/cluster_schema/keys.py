"""How to declare a key: its Chinese title, its English description, then what KubeKey's Go type accepts.

null is valid almost everywhere: encoding/json leaves the field unchanged. The items of a list are an exception: null
would become an empty string.
"""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]
Keys = dict[str, Node]


def text(title: str, description: str, form: str = "", **more: Any) -> Node:
    """A Go string, shown if it has the form, one of kkplan.shown.FORMS."""
    return _key(title, description, ["string", "null"], {**_shown(form), **more})


def secret(title: str, description: str) -> Node:
    """A Go string that no output may show."""
    return _key(title, description, ["string", "null"], {"writeOnly": True})


def choice(title: str, description: str, *values: str, **more: Any) -> Node:
    """A Go string with a fixed set of values; an empty one means the default."""
    return _key(title, description, ["string", "null"], {"enum": [*values, "", None], **more})


def number(title: str, description: str, minimum: int | None = 0, maximum: int | None = None, **more: Any) -> Node:
    """A Go int."""
    limits = {"minimum": minimum, "maximum": maximum}
    kept = {name: limit for name, limit in limits.items() if limit is not None}
    return _key(title, description, ["integer", "null"], {**kept, **more})


def port(title: str, description: str, **more: Any) -> Node:
    """A TCP port; 0 is the default."""
    return number(title, description, 0, 65535, **more)


def switch(title: str, description: str, **more: Any) -> Node:
    """A Go bool or *bool."""
    return _key(title, description, ["boolean", "null"], more)


def texts(title: str, description: str, form: str = "", **more: Any) -> Node:
    """A Go []string; an item is shown if it has the form."""
    return _key(title, description, ["array", "null"], {"items": {"type": "string", **_shown(form)}, **more})


def listed(title: str, description: str, definition: str) -> Node:
    """A Go slice of structs."""
    return _key(title, description, ["array", "null"], {"items": {"$ref": f"#/definitions/{definition}"}})


def mapped(title: str, description: str, values: Node, **more: Any) -> Node:
    """A Go map with the user's own keys."""
    return _key(title, description, ["object", "null"], {"additionalProperties": values, **more})


def free(title: str, description: str) -> Node:
    """A runtime.RawExtension or a map of any values, which KubeKey passes on."""
    return _key(title, description, ["object", "null"], {})


def block(title: str, description: str, keys: Keys, **more: Any) -> Node:
    """A Go struct: any other key is silently ignored."""
    return _key(title, description, ["object", "null"], {"properties": keys, "additionalProperties": False, **more})


def with_extensions(node: Node) -> Node:
    """The same, but allowing the user's own keys that start with `x-`, which KubeKey ignores as the user expects."""
    extension = {
        "title": "自定义键",
        "description": "A custom key, e.g. to hold anchors. KubeKey ignores it.",
    }
    return {**node, "patternProperties": {"^x-": extension}}


def needed(node: Node) -> Node:
    """The same, but null is not allowed."""
    (kind,) = [name for name in node["type"] if name != "null"]
    return {**node, "type": kind}


def outdated(node: Node, instead: str) -> Node:
    """A key of the same version that an older KubeKey read and v3.1.8 ignores."""
    return {**node, "deprecationMessage": f"KubeKey 3.1.8 ignores this key. Use {instead}.", "x-replacedBy": instead}


def at(definition: str) -> Node:
    """A struct with its own definition."""
    return {"$ref": f"#/definitions/{definition}"}


def sourced(source: str, node: Node) -> Node:
    """A definition and where it is from: files in github.com/kubesphere/kubekey, with the Go type."""
    return {"$comment": f"KubeKey: {source}", **node}


def enabled(title: str, description: str) -> Node:
    """A struct with only `enabled`."""
    return block(title, description, {"enabled": switch("启用", f"{description} Default: off.", default=False)})


def _shown(form: str) -> Node:
    return {"x-shown": form} if form else {}


def _key(title: str, description: str, types: list[str], more: dict[str, Any]) -> Node:
    return {"title": title, "description": description, "type": types, **more}
