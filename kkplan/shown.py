"""What may be shown of a file: values that have a form in which no password or key is written. All else is asterisks.

The forms are closed: short words, addresses, paths. A key or token is longer than a word, or mixes capital letters and digits.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

MASK = "********"

# Small letters with digits, or letters with a number after them: `k8s`, `Node`, `node12`. No two alternatives match one
# word, and none of the patterns repeats another's separators: each takes linear time.
_WORD = r"(?:[a-z0-9]+|(?=[a-z]*[A-Z])[A-Za-z]+[0-9]{0,4}|ipv[46][A-Z][A-Za-z]+)(?![A-Za-z0-9])"
_NAME = rf"{_WORD}(?:[._-]{{1,2}}{_WORD}){{0,15}}"
_IP = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45})"
_PATH = rf"(?:/{{1,2}}\.?{_NAME}){{1,12}}/?"

# The forms that the schema's x-shown names; a text may be a list of such.
FORMS = {
    "name": _NAME,
    "host": rf"{_IP}(?:/[0-9]{{1,3}})?(?:(?:\.\.|-){_IP})?|(?:\*\.)?{_NAME}\.?",
    "nodes": rf"{_NAME}(?:\[[a-z0-9]{{0,12}}[:-][a-z0-9]{{0,12}}\](?:[._-]?{_WORD})?)?",
    "location": rf"(?:unix://)?(?:~|\.{{1,2}})?{_PATH}|(?:[a-z]{{1,10}}://)?(?:{_NAME}|{_IP}|\[{_IP}\])(?::[0-9]{{1,5}})?(?:{_PATH}|/)?",
    "version": r"v?[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}(?:[-+.][a-z0-9]{1,12}){0,4}",
}
# What a message may quote besides: an option, a place in a document, an answer.
_IN_MESSAGE = (
    rf"--?{_NAME}",
    rf"{_WORD}(?:[._-]{{1,2}}{_WORD}|\[[0-9]{{0,9}}\]){{0,40}}",
    rf"(?:{_NAME}=)?{_IP}",
    rf"nic={_NAME}",
    # What serves a request, and where a name leads.
    rf"{_NAME} (?:→ )?(?:\[?{_IP}\]?(?::[0-9]{{1,5}})?|\?)",
    '""|…|[?]|/',
)

_LONGEST = 400  # characters of an item
_KEY_MATERIAL = re.compile(r"[A-Za-z0-9]{31}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_-]{0,29}")
_SEPARATOR = re.compile(r",[ ]?")


def is_identifier(key: str) -> bool:
    """Whether a key that nobody knows can be a key only: with a digit in it, it may be a part of a password."""
    return _IDENTIFIER.fullmatch(key) is not None


@lru_cache(maxsize=4096)
def has_form(text: str, form: str) -> bool:
    """Whether the text, or each item of a list, has one of the FORMS, and holds no word as long as a key."""
    return _fits(text, _pattern(FORMS[form]))


@lru_cache(maxsize=1024)
def shown(text: str) -> str:
    """The text as a message may quote it: itself where it, or each item of a list, has a known form; else asterisks."""
    return text if not text or _fits(text, _pattern("|".join((*FORMS.values(), *_IN_MESSAGE)))) else MASK


def _fits(text: str, pattern: re.Pattern[str]) -> bool:
    items = _SEPARATOR.split(text)
    return not _KEY_MATERIAL.search(text) and all(len(item) <= _LONGEST and pattern.fullmatch(item) for item in items)


def shown_data(data: Any) -> Any:
    """JSON values whose texts are shown like a message's values."""
    if isinstance(data, str):
        return shown(data)
    if isinstance(data, (list, tuple)):
        return [shown_data(item) for item in data]
    return {key: shown_data(value) for key, value in data.items()} if isinstance(data, dict) else data


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.ASCII)
