"""Characters that look like a space but are not one in YAML: from web pages, documents, chats or an input method."""

from __future__ import annotations

import re

from kkplan.locale import T, Text, named

_NO_BREAK, _IDEOGRAPHIC = "\u00a0", "\u3000"
_ODD = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def odd_space(text: str) -> str:
    """The first odd space in the text; "" if there is none."""
    found = None if text.isascii() else _ODD.search(text)
    return found.group() if found is not None else ""


def edge_space(text: str) -> str:
    """The first character if it is any space, otherwise the last one; "" if neither is."""
    return next((edge for edge in (text[:1], text[-1:]) if edge.isspace()), "")


def space_in_words(space: str) -> Text:
    """A name for the character, because a person cannot see it."""
    if space == _NO_BREAK:
        return T("a no-break space (U+00A0)")
    if space == _IDEOGRAPHIC:
        return T("an ideographic space (U+3000)")
    return T("a space character that YAML does not support ({code})", code=named(f"U+{ord(space):04X}"))
