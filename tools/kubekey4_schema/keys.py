"""How to declare a key: its Chinese title, its English description, then what it accepts. null is an unset key."""

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


def port(title: str, description: str, **more: Any) -> Node:
    """A TCP port; 0 is the default."""
    return _key(title, description, ["integer", "null"], {"minimum": 0, "maximum": 65535, **more})


def switch(title: str, description: str, **more: Any) -> Node:
    """A Go bool or *bool."""
    return _key(title, description, ["boolean", "null"], more)


def texts(title: str, description: str, form: str = "", **more: Any) -> Node:
    """A Go []string; an item is shown if it has the form."""
    return _key(title, description, ["array", "null"], {"items": {"type": "string", **_shown(form)}, **more})


def mapped(title: str, description: str, values: Node, **more: Any) -> Node:
    """A Go map with the user's own keys."""
    return _key(title, description, ["object", "null"], {"additionalProperties": values, **more})


def free(title: str, description: str) -> Node:
    """A runtime.RawExtension or a map of any values, which KubeKey passes on."""
    return _key(title, description, ["object", "null"], {})


def block(title: str, description: str, keys: Keys, **more: Any) -> Node:
    """A Go struct: any other key is silently ignored."""
    return _key(title, description, ["object", "null"], {"properties": keys, "additionalProperties": False, **more})


def at(definition: str) -> Node:
    """A struct with its own definition."""
    return {"$ref": f"#/definitions/{definition}"}


def _shown(form: str) -> Node:
    return {"x-shown": form} if form else {}


def _key(title: str, description: str, types: list[str], more: dict[str, Any]) -> Node:
    return {"title": title, "description": description, "type": types, **more}
