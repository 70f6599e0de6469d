"""Find configs of KubeKey 3 among the YAML and JSON files of a repository, without missing one.

Step 1 proves by the text that a file is not a config, which is enough for most files: a config has the group `kubekey…`
in its apiVersion or the key `roleGroups`, a `kind`, and the word Cluster. Only escapes in double quotes and the tag
`!!binary` can hide letters, so escapes are resolved everywhere, and a file with this tag (or with a directive that renames
tags) skips this step. Step 2 parses the remaining files and checks their documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, merged_entries, resolve_alias
from kkplan.document.parse import Document

# YAML 1.2, 5.7 and 7.3.1: escapes that can be read as a letter, and an escaped line break.
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\r?\n[ \t]*)")
_TAG = re.compile(r"!\S*")  # linear: each character is read once


def recognises(document: Document) -> bool:
    """Whether a document of the file is a Cluster, or could be one."""
    return any(isinstance(root, Mapping) and _is_cluster(root) for root in document.roots)


def may_be_config(text: str) -> bool:
    """Whether nothing in the text proves that the file is not a config of KubeKey 3."""
    # Go matches keys in any case, a long s and a Kelvin sign included (encoding/json, fold.go); so does casefold().
    folded = (_ESCAPE.sub(_character, text) if "\\" in text else text).casefold()
    if "%TAG" in text or any(_hides_letters(tag.group()) for tag in _TAG.finditer(text)):
        return True
    return ("kubekey" in folded or "rolegroups" in folded) and "kind" in folded and "cluster" in folded


def _hides_letters(tag: str) -> bool:
    """Whether the tag is `!!binary`, or has escapes and so could be."""
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
    """The values of the key in any case, including those from merge keys."""
    for entry in (*mapping.entries, *merged_entries(mapping)):
        key = resolve_alias(entry.key)
        if isinstance(key, Scalar) and (key.value.casefold() == name or _hides_letters(key.tag)):
            yield resolve_alias(entry.value)


def _texts(mapping: Mapping, name: str) -> Iterator[str | None]:
    """The key's value in lower case; None if it cannot be read."""
    for value in _values(mapping, name):
        if isinstance(value, Scalar) and not _hides_letters(value.tag):
            yield value.value.strip().casefold()
        else:
            yield None
