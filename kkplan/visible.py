"""Escapes for characters that move a terminal's cursor, are invisible or reverse the text around them."""

from __future__ import annotations

import re
from typing import Any

# C0, DEL, C1; lone surrogates; line and paragraph separators; fillers and variation selectors; and all of Unicode's category
# Cf: marks without a width, of direction, of numbers and of notation, invisible operators, the byte order mark, tags.
_UNSAFE = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""The text with its control characters, but for tabs and line ends, written as escapes: `\x1b`, `\u202e`."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_escape, text)


def on_one_line(text: str) -> str:
    r"""The same with tabs and line ends escaped too, for a name or a path."""
    return visible(text.replace("\t", r"\t").replace("\n", r"\n"))


def in_code(name: str) -> str:
    """A file's name for Markdown code, in a table too: without what would end either."""
    return on_one_line(name).replace("`", "'").replace("|", "/")


def has_control_characters(text: str) -> bool:
    """Whether the text has a character that moves a cursor, is invisible or reverses the text around it."""
    return not (text.isascii() and text.isprintable()) and on_one_line(text) != text


def json_text(data: Any) -> str:
    r"""The JSON document, Chinese as it is, control characters as \uXXXX, with a newline at the end."""
    import json  # most runs write none

    return _UNSAFE.sub(_escape_json, json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return rf"\x{code:02x}" if code < 0x100 else rf"\u{code:04x}" if code < 0x10000 else rf"\U{code:08x}"


def _escape_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(rf"\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
