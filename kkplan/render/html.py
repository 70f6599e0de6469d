"""HTML and SVG elements: a text among the children is escaped, so that only elements made here are markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple, TypeAlias

from kkplan.locale import Text
from kkplan.visible import on_one_line, visible


class Markup(NamedTuple):
    """Text that is HTML already."""

    html: str


Child: TypeAlias = "Markup | Text | str | Iterable[Child] | None"
_VOID = frozenset({"br", "wbr"})


def element(name: str, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """The element; control characters in texts and attributes are escapes, `<` and its like are entities.

    Args:
        attributes: `_` in a name stands for `-`, and one at its end for nothing; None and False leave it out, True has no value.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{html_of(children)}</{name}>")


def html_of(child: Child) -> str:
    """The child as HTML."""
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child.html
    if isinstance(child, (str, Text)):
        return escape(visible(str(child)))
    return "".join(map(html_of, child))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{escape(on_one_line(text))}"'
