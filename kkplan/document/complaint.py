"""Parser errors in plain words, on the line that needs a fix.

The parser reports the line where it noticed the error, which may be far below, in terms of YAML's grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kkplan.document.odd_space import odd_space, space_in_words
from kkplan.locale import T, Text

_FULL_WIDTH = re.compile("[\uff0c\uff1a\u201c\u201d\uff5b\uff5d]")
# Where full-width punctuation is text: in quotes, and in the plain value of a key.
_HARMLESS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|(?<=: )[^\s\"'\[{\uff1a\u201c][^:\n]*\Z")
_TAB_INDENT = re.compile(r"[ ]*\t")
_TEXT_AFTER_DASHES = re.compile(r"---[ \t]+\w")
_BARE_BRACKETS = re.compile(r"[\[,][ \t]*\w[\w.-]*\[[0-9]")
_OPEN_QUOTE = T("invalid YAML: the quote opened here is not closed, or is closed too far below")


def complaint(error: Any, text: str, read_last: Any) -> tuple[Text, int]:
    """The message and the line, from 1; 0 if the parser reports none.

    Args:
        error: ruamel.yaml's MarkedYAMLError.
        read_last: the last event from the parser; None if there was none.
    """
    lines = text.split("\n")
    noticed = _line_of(error.problem_mark or error.context_mark, text, lines)
    begun = _line_of(error.context_mark, text, lines) or noticed
    swallowing = _swallowing_line(read_last, noticed, text, lines)
    if swallowing:
        return _OPEN_QUOTE, swallowing
    for says, line, what in _KINDS:
        if says(error):
            number = begun if line == "begun" else noticed
            return _closer(lines, number) or (what, number)
    closer = _closer(lines, noticed)
    return closer or (T("invalid YAML. Fix this line, or the one above it"), noticed)


def _line_of(mark: Any, text: str, lines: list[str]) -> int:
    """The line of a mark; for a mark at the end, the last non-empty line."""
    if mark is None:
        return 0
    number = text.count("\n", 0, mark.index) + 1
    while number > 1 and mark.index >= len(text) and not lines[number - 1].strip():
        number -= 1
    return int(number)


def _swallowing_line(read_last: Any, noticed: int, text: str, lines: list[str]) -> int:
    """The line of an unclosed quote that extends to the quote of another value; 0 for none."""
    if getattr(read_last, "style", None) not in ("'", '"'):
        return 0
    opened, closed = (_line_of(mark, text, lines) for mark in (read_last.start_mark, read_last.end_mark))
    return opened if opened < closed == noticed else 0


def _closer(lines: list[str], number: int) -> tuple[Text, int] | None:
    """Causes that parsers do not report: a tab, full-width punctuation, text after ---, or brackets without quotes, on the line or directly above it."""
    for candidate in (number, number - 1):
        line = lines[candidate - 1] if 0 < candidate <= len(lines) else ""
        if _TAB_INDENT.match(line) and line.strip():
            return T("invalid YAML: a tab in the indentation. Indent with spaces"), candidate
        if line.lstrip().startswith("#"):
            continue
        code = _HARMLESS.sub("", line.partition(" #")[0])
        if space := odd_space(code):
            return (
                T("invalid YAML: {what} instead of a plain space. Type the space again", what=space_in_words(space)),
                candidate,
            )
        if _TEXT_AFTER_DASHES.match(line):
            return T("invalid YAML: text after ---. Write it as a comment: --- # …"), candidate
        if _BARE_BRACKETS.search(code):
            return T('invalid YAML: a value with brackets inside [ ] needs quotes: ["node[1:3]"]'), candidate
        if _FULL_WIDTH.search(code):
            return T('invalid YAML: full-width punctuation (，：“”). Use half-width: , : "'), candidate
    return None


def _with(context: str = "", problem: str = "") -> Callable[[Any], bool]:
    def says(error: Any) -> bool:
        return context in (error.context or "") and problem in (error.problem or "")

    return says


# Parser message → which line is wrong, what is wrong; the first match counts.
_KINDS: tuple[tuple[Callable[[Any], bool], str, Text], ...] = (
    (
        _with("double-quoted scalar", "escape"),
        "noticed",
        T("invalid YAML: unknown escape after a backslash. Put the value in single quotes"),
    ),
    (_with("quoted scalar"), "begun", _OPEN_QUOTE),
    (
        _with(problem="cannot start any token"),
        "noticed",
        T("invalid YAML: a value starts with @, % or a backtick. Put it in quotes"),
    ),
    (
        _with(problem="mapping values are not allowed"),
        "noticed",
        T(
            "invalid YAML: a second colon in the line, a key indented deeper than its neighbours, or a missing "
            "colon in the line above. Quote the value, or fix the indentation"
        ),
    ),
    (
        _with("simple key", "could not find expected"),
        "begun",
        T("invalid YAML: a key without a colon, or without a space after the colon"),
    ),
    (
        _with("flow mapping"),
        "begun",
        T("invalid YAML: the {{ opened here is not closed, or a comma is missing inside it"),
    ),
    (
        _with("flow sequence"),
        "begun",
        T("invalid YAML: the [ opened here is not closed, or a comma is missing inside it"),
    ),
    (
        _with("flow node", "<stream end>"),
        "noticed",
        T("invalid YAML: the file ends before a [ or {{ is closed"),
    ),
    (
        _with("node", "expected the node content"),
        "noticed",
        T("invalid YAML: a bracket or a comma in place of a value. Remove it, or put the value in quotes"),
    ),
    (
        _with("scanning an a", "expected alphabetic"),
        "noticed",
        T("invalid YAML: & or * without a name. Put the value in quotes"),
    ),
    (
        _with("block scalar", "indicators"),
        "noticed",
        T("invalid YAML: text right after | or >. Begin the text on the next line, or put the value in quotes"),
    ),
    (
        _with("tag"),
        "noticed",
        T("invalid YAML: a value that begins with ! is read as a tag. Put it in quotes"),
    ),
    (
        _with(problem="undefined tag handle"),
        "noticed",
        T("invalid YAML: a value that begins with ! is read as a tag. Put it in quotes"),
    ),
    (
        _with(problem="sequence entries are not allowed"),
        "noticed",
        T("invalid YAML: a list item (-) on the line of its key. Begin it on the next line"),
    ),
    (
        _with("block mapping", "expected <block end>"),
        "noticed",
        T("invalid YAML: the indentation does not match the lines above"),
    ),
    (
        _with("block collection", "expected <block end>"),
        "noticed",
        T("invalid YAML: the indentation does not match the list above"),
    ),
)
