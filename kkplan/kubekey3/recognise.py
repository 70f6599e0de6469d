"""Tell a config of KubeKey 3 from the other YAML and JSON files of a repository, without passing one over.

Two steps. First a proof by the text that a file is none, which is all that most files cost: a config has the group
`kubekey…` in its apiVersion or the key `roleGroups`, a `kind`, and the word Cluster. Only an escape in double quotes and
the tag `!!binary` can hide letters from that, so escapes are resolved wherever they are, and a file with such a tag (or
a directive that renames tags) is not judged by its text. Then what is left is parsed, and its documents are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.node import Entry, Mapping, Node, Scalar, merged_entries, resolve_alias
from kkplan.document.parse import Document

# YAML 1.2, 5.7 and 7.3.1: escapes that can be read as a letter, and an escaped line break.
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\r?\n[ \t]*)")
_TAG = re.compile(r"!\S*")  # whatever the text: each character is looked at once


def recognises(document: Document) -> bool:
    """Whether a document of the file is a Cluster, or could be one."""
    return any(isinstance(root, Mapping) and _is_cluster(root) for root in document.roots)


def may_be_config(text: str) -> bool:
    """Whether a file with this text may be a config of KubeKey 3: nothing in it rules that out."""
    # Go matches keys in any case, a long s and a Kelvin sign included (encoding/json, fold.go); so does casefold().
    folded = (_ESCAPE.sub(_character, text) if "\\" in text else text).casefold()
    if "%TAG" in text or any(_hides_letters(tag.group()) for tag in _TAG.finditer(text)):
        return True
    return ("kubekey" in folded or "rolegroups" in folded) and "kind" in folded and "cluster" in folded


def _hides_letters(tag: str) -> bool:
    """Whether the tag is `!!binary`, or has escapes of its own, so could be."""
    return "binary" in tag or "%" in tag


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    code = int(digits, 16) if digits else -1
    return chr(code) if 0 <= code < 0x110000 else ""


def _is_cluster(root: Mapping) -> bool:
    if not any(kind in (None, "cluster") for kind in _texts(root, "kind")):
        return False
    if any(version is None or "kubekey" in version for version in _texts(root, "apiversion")):
        return True
    # Each once: any number of keys can be aliases of one mapping.
    specs = {spec.start: spec for spec in _values(root, "spec") if isinstance(spec, Mapping)}
    return any(True for spec in specs.values() for _ in _values(spec, "rolegroups"))


def _values(mapping: Mapping, name: str) -> Iterator[Node]:
    """The values of the key in whatever case, those that merge keys bring in too."""
    for entry in _all_entries(mapping):
        key = resolve_alias(entry.key)
        if isinstance(key, Scalar) and (key.value.casefold() == name or _hides_letters(key.tag)):
            yield resolve_alias(entry.value)


def _all_entries(mapping: Mapping) -> Iterator[Entry]:
    yield from mapping.entries
    yield from merged_entries(mapping)


def _texts(mapping: Mapping, name: str) -> Iterator[str | None]:
    """What the key holds, in lower case; None where it cannot be read."""
    for value in _values(mapping, name):
        readable = isinstance(value, Scalar) and not _hides_letters(value.tag)
        yield value.value.strip().casefold() if readable and isinstance(value, Scalar) else None
