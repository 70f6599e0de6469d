"""How kk loads the file (cmd/kk/pkg/common/loader.go, Load): which documents it reads, and which it rejects.

kk splits the text at lines that start with `---`, reads each piece with yaml.v3, and the Cluster again as JSON.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import NamedTuple

from kkplan.document.node import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    entries_with_merged,
    is_merge,
    name_of,
    resolve_alias,
    scalars_in,
)
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.scalar import is_null, meaning
from kkplan.locale import T, Text

_SEPARATOR = re.compile(r"^---(?P<rest>[^\n]*)", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*%")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ].*)?\Z", re.DOTALL)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
)
_NO_NUMBER = re.compile(r"\.(?:inf|nan)", re.IGNORECASE)
# yaml.v3 reads yes, no, on and off as strings.
_V3_BOOLEANS = frozenset(("true", "True", "TRUE", "false", "False", "FALSE"))


_KUBESPHERE_KINDS = ("ClusterConfiguration", "ConfigMap")
# version_enum.go: VersionMap; LatestRelease and DevRelease accept prefixes of these, and these words.
_KUBESPHERE = ("2.1.1", "3.0.0", "3.1.0", "3.1.1", "3.2.0", "3.2.1", "3.3.0", "3.3.1", "3.3.2", "3.4.0", "3.4.1")
_KNOWN_KUBESPHERE = re.compile(
    rf"v?(?:{'|'.join(map(re.escape, _KUBESPHERE))})(?![.]?[0-9])|nightly-|(?:latest|master)\Z|.*release", re.DOTALL
)


class Stop(NamedTuple):
    """Why kk stops while it loads the file.

    Attributes:
        message: the cause, and how kk stops.
    """

    message: Text
    advice: Text
    place: Place


class Loaded(NamedTuple):
    """Which part of a file kk reads.

    Attributes:
        roots: document number → top node, for each document that kk reads.
        cut: the separator at which kk stops reading; None if it reads everything.
        directives: where the pieces start that are only directives, which kk rejects.
    """

    roots: dict[int, Node | None]
    cut: Place | None
    directives: tuple[Place, ...]


def loaded(document: Document) -> Loaded:
    """What kk reads: the first document of each piece of the text, but not of a piece that ends at a bad separator."""
    text, cut = document.text, None
    starts = [0]
    for found in _SEPARATOR.finditer(text) if "\n---" in text or text.startswith("---") else ():
        rest = found["rest"].strip()
        if rest and not rest.startswith("#"):
            cut = found.start()
            break
        starts.append(found.start())
    end = len(text) if cut is None else starts.pop()
    roots: dict[int, Node | None] = {}
    taken = set()
    for number, root in enumerate(document.roots):
        if root is None or root.start >= end:
            continue
        piece = starts[bisect_right(starts, root.start) - 1]
        if piece not in taken:
            taken.add(piece)
            roots[number] = root
    pieces = (document.line_end(start) if text.startswith("---", start) else start for start in starts if start < end)
    directives = tuple(
        _place_at(document, mark.end() - 1) for start in pieces if (mark := _DIRECTIVE.match(text, start))
    )
    return Loaded(roots, None if cut is None else _place_at(document, cut), directives)


def _place_at(document: Document, offset: int) -> Place:
    line, column = document.line_of(offset), document.column_of(offset) + 1
    return Place(line, column, column + 3, document.name)


def stops_in_documents(document: Document, read: Loaded) -> Iterator[Stop]:
    """Errors at which yaml.v3 rejects any document. KK116 covers duplicate keys."""
    for place in read.directives:
        yield Stop(T("kk cannot read a YAML directive: it stops with an error"), T("Delete this line"), place)
    for root in read.roots.values():
        top = resolve_alias(root) if root is not None else None
        if top is not None and not isinstance(top, Mapping) and not (isinstance(top, Scalar) and is_null(top)):
            what = T("a document that is a list") if isinstance(top, Sequence) else T("a document that is a string")
            yield Stop(
                T("{what}: kk stops with an error", what=what),
                T("Every document must have keys and values: move this one into a file of its own"),
                document.place_of(top),
            )
    for entry in _merge_entries(document, read):
        if not _brings_mappings(entry):
            yield Stop(
                T("the value of a merge key (<<) is not a mapping: kk stops with an error"),
                T("Use an alias of a mapping (*…) or a list of such aliases"),
                document.place_of(entry),
            )


def _merge_entries(document: Document, read: Loaded) -> Iterator[Entry]:
    if "<<" not in document.text:
        return
    waiting: list[Node] = [root for root in read.roots.values() if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            yield from filter(is_merge, node.entries)
            waiting += [part for entry in node.entries for part in (entry.key, entry.value)]
        elif isinstance(node, Sequence):
            waiting += node.items


def _brings_mappings(entry: Entry) -> bool:
    source = resolve_alias(entry.value)
    if isinstance(source, Sequence) and source is entry.value:
        return all(isinstance(resolve_alias(part), Mapping) for part in source.items)
    return isinstance(source, Mapping)


def stops_in_cluster(document: Document, root: Mapping) -> Iterator[Stop]:
    """Errors at which kk stops in the Cluster document. The schema covers values of a wrong type (KK112, KK302)."""
    if _NO_NUMBER.search(document.text, root.start, root.end):
        for scalar in scalars_in(root):
            value = meaning(scalar)
            if not scalar.style and isinstance(value, float) and not isfinite(value):
                yield Stop(
                    T("a number that JSON does not have (.inf, .nan): kk stops with an error"),
                    T("Write a number, or put the value in quotes"),
                    document.place_of(scalar),
                )
    metadata = _child(root, "metadata")
    for key in ("creationTimestamp", "deletionTimestamp"):
        written = _child(metadata, key)
        if isinstance(written, Scalar) and not is_null(written) and not _is_rfc_3339(written.value):
            yield Stop(
                T("metadata.{key} is not a time: kk stops with an error", key=key),
                T("Delete the line"),
                document.place_of(written),
            )


def _is_rfc_3339(text: str) -> bool:
    """As Go's time.Parse reads it: Python's fromisoformat takes other forms, and other ones in each version."""
    found = _TIME.fullmatch(text)
    try:
        return found is not None and datetime(*map(int, found.groups())) is not None  # type: ignore[arg-type]
    except ValueError:
        return False


def name_panic(document: Document, root: Mapping) -> Stop | None:
    """Why kk panics when it reads metadata.name, in this exact spelling; None if it does not."""
    metadata = _child(root, "metadata")
    if metadata is None:
        at = next((entry.key for entry in root.entries if name_of(entry).casefold() == "metadata"), root.entries[0].key)
        return Stop(
            T("metadata.name is missing or not a string: kk panics"),
            T("Add `metadata: {{name: sample}}`, with your own name"),
            document.place_of(at),
        )
    for entry in metadata.entries if isinstance(metadata, Mapping) else ():
        if not is_merge(entry) and not _is_v3_text(resolve_alias(entry.key)):
            return Stop(
                T("a key of metadata is not a string: kk panics"),
                T("Put the key in quotes"),
                document.place_of(entry.key),
            )
    name = _child(metadata, "name")
    if isinstance(name, Scalar) and _is_v3_text(name) and isinstance(meaning(name), str):
        return None
    is_written = isinstance(name, Scalar) and not is_null(name)
    at = next(entry.key for entry in root.entries if name_of(entry) == "metadata")
    return Stop(
        T("metadata.name is missing or not a string: kk panics"),
        T("Put the name in quotes")
        if is_written
        else T("Under metadata, add an indented `name: sample`, with your own name"),
        document.place_of(name if is_written and name is not None else at),
    )


def label_stops(document: Document, read: Loaded) -> Iterator[Stop]:
    """Errors at which kk stops in the label with the KubeSphere version of a ClusterConfiguration or ConfigMap."""
    for root in read.roots.values():
        kind = _child(root, "kind")
        if not isinstance(kind, Scalar) or kind.value not in _KUBESPHERE_KINDS:
            continue
        metadata = _child(root, "metadata")
        version = _child(_child(metadata, "labels"), "version")
        if not isinstance(version, Scalar) or not _is_v3_text(version) or not version.value:
            yield Stop(
                T(
                    "{kind} without a string in metadata.labels.version: kk stops with an error or panics",
                    kind=kind.value,
                ),
                T("Add the label with the KubeSphere version, e.g. version: v3.4.1"),
                document.place_of(kind),
            )
        elif not _KNOWN_KUBESPHERE.match(version.value):
            yield Stop(
                T("KubeKey 3.1 does not support KubeSphere {version}: it stops with an error", version=version.value),
                T("Delete this document, and install KubeSphere 4 with Helm once the cluster is up")
                if version.value.lstrip("v").startswith("4.")
                else T("Use a supported release: {releases}", releases=", ".join(f"v{one}" for one in _KUBESPHERE)),
                document.place_of(version),
            )


def _is_v3_text(node: Node) -> bool:
    """Whether yaml.v3 reads the value as a string."""
    if not isinstance(node, Scalar):
        return False
    value = meaning(node)
    if node.style or node.tag:
        return isinstance(value, str)
    if isinstance(value, bool):
        return node.value not in _V3_BOOLEANS
    return isinstance(value, str) and not _is_date(value)


def _is_date(text: str) -> bool:
    found = _DATE.match(text)
    try:
        return found is not None and datetime(*map(int, found.groups())) is not None  # type: ignore[arg-type]
    except ValueError:
        return False


def _child(node: Node | None, key: str) -> Node | None:
    """The value of the key in this exact spelling, as in Go's map; a mapping's own key before a merged one."""
    if not isinstance(node, Mapping):
        return None
    own = [entry for entry in node.entries if name_of(entry) == key]
    entry = next(iter(own or (one for one in entries_with_merged(node) if name_of(one) == key)), None)
    return resolve_alias(entry.value) if entry is not None else None
