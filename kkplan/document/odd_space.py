"""Spaces that look like one and are none to YAML: copied from web pages, documents and chats, or typed by an input method."""

from __future__ import annotations

import re

from kkplan.locale import T, Text, named

_NO_BREAK, _IDEOGRAPHIC = "\u00a0", "\u3000"
_ODD = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def odd_space(text: str) -> str:
    """The first such space in the text; "" where there is none."""
    found = None if text.isascii() else _ODD.search(text)
    return found.group() if found is not None else ""


def space_in_words(space: str) -> Text:
    """What it is called, to name it where it cannot be seen."""
    if space == _NO_BREAK:
        return T("a no-break space (U+00A0)")
    if space == _IDEOGRAPHIC:
        return T("an ideographic space (U+3000)")
    return T("a space that YAML does not know ({code})", code=named(f"U+{ord(space):04X}"))
