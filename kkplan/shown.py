"""What may be shown of a file: values in known forms (short words, addresses, paths, versions). All else is asterisks.

The forms leave out what generated keys, tokens and passwords look like. A password that is a plain word has the form of a name:
where a secret belongs, the schema says so, and nothing is shown there.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

MASK = "********"
HIDDEN = "…"  # a key that is not shown

# Small letters with digits, or letters with a number after them: `k8s`, `Node`, `node12`. No two alternatives match one
# word, and none of the patterns repeats another's separators: each takes linear time.
_WORD = r"(?:[a-z0-9]+|(?=[a-z]*[A-Z])[A-Za-z]+[0-9]{0,4}|ipv[46][A-Z][A-Za-z]+)(?![A-Za-z0-9])"
_NAME = rf"{_WORD}(?:[._-]{{1,2}}{_WORD}){{0,15}}"
_IP = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45})"
# A host's name, in any case: what HAProxy and the label kubernetes.io/hostname take.
_NODE = r"[A-Za-z0-9._-]{1,63}"
_PATH = rf"(?:/{{1,2}}\.?{_NAME}){{1,12}}/?"

# The forms that the schema's x-shown names; a text may be a list of such.
FORMS = {
    "name": _NAME,
    "host": rf"{_IP}(?:/[0-9]{{1,3}})?(?:(?:\.\.|-){_IP})?|(?:\*\.)?{_NAME}\.?",
    "nodes": rf"{_NODE}(?:\[[a-z0-9]{{0,12}}[:-][a-z0-9]{{0,12}}\](?:[._-]?{_WORD})?)?",
    "location": rf"(?:unix://)?(?:~|\.{{1,2}})?{_PATH}|(?:[a-z]{{1,10}}://)?(?:{_NAME}|{_IP}|\[{_IP}\])(?::[0-9]{{1,5}})?(?:{_PATH}|/)?",
    "version": r"v?[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}(?:[-+.][a-z0-9]{1,12}){0,4}",
}
# What a message may also quote: an option, a place in a document, an answer.
_IN_MESSAGE = (
    rf"--?{_NAME}",
    rf"{_WORD}(?:[._-]{{1,2}}{_WORD}|\[[0-9]{{0,9}}\]){{0,40}}",
    '""|…|[?]|/',
)
_ANY = (*(form for name, form in FORMS.items() if name != "nodes"), *_IN_MESSAGE)

_LONGEST = 400  # characters of an item
# The base64 or hexadecimal of a key, kubeadm's tokens, UUIDs.
_GENERATED = re.compile(
    r"[A-Za-z0-9]{31}"
    r"|(?<![A-Za-z0-9])(?:[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![A-Za-z0-9])"
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_-]{0,29}")
_SEPARATOR = re.compile(r",[ ]?")


def is_identifier(key: str) -> bool:
    """Whether a key that nobody knows can be a key only: with a digit in it, it may be a part of a password."""
    return _IDENTIFIER.fullmatch(key) is not None


@cache
def has_form(text: str, form: str) -> bool:
    """Whether the text, or each item of a list, has one of the FORMS; but for hosts, nothing that looks generated has."""
    return (form == "nodes" or not _GENERATED.search(text)) and _fits(text, FORMS[form])


@cache
def shown(text: str) -> str:
    """The text as a message may quote it: itself where it, or each item of a list, has a known form; else asterisks."""
    return text if not text or (_fits(text, *_ANY) and not _GENERATED.search(text)) else MASK


def shown_node(name: str) -> str:
    """A host's name, or a role group's entry, as it may be shown: itself where it can name a host; else asterisks."""
    return name if not name or has_form(name, "nodes") else MASK


def _fits(text: str, *forms: str) -> bool:
    return all(
        len(item) <= _LONGEST and any(_pattern(form).fullmatch(item) for form in forms)
        for item in _SEPARATOR.split(text)
    )


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
