"""A Cluster without metadata.name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.node import Entry, Mapping, Node, Scalar, entries_with_merged, name_of, resolve_alias
from kkplan.document.scalar import meaning
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

# gopkg.in/yaml.v3, resolve.go: a plain scalar that begins so is tried as a time.
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9:]+)?)?\Z")


def check(subject: Subject) -> Iterator[Finding]:
    """Find a Cluster whose name is missing or is no text; an empty text is one."""
    metadata = _exactly(subject.config.root, "metadata")
    name = _exactly(metadata.value, "name") if metadata is not None else None
    if metadata is not None and name is not None and _has_other_keys_than_texts(resolve_alias(metadata.value)):
        yield RULE.finding(
            T("metadata has a key that is no text: kk panics"),
            T("Put the key in quotes"),
            at=subject.config.document.place_of(metadata),
        )
    elif name is None or not _is_text(resolve_alias(name.value)):
        yield RULE.finding(
            T("metadata.name is missing or no text: kk stops or panics"),
            T("Add `metadata: {{name: sample}}`, with a name of your own")
            if metadata is None
            else T("Write `name: sample` below metadata, indented, with a name of your own"),
            at=subject.cluster.place if metadata is None else subject.config.document.place_of(metadata),
        )


def _exactly(node: Node, key: str) -> Entry | None:
    """The entry of the key, spelled exactly so: kk looks both up in plain maps."""
    mapping = resolve_alias(node)
    entries = entries_with_merged(mapping) if isinstance(mapping, Mapping) else ()
    return next((entry for entry in entries if name_of(entry) == key), None)


def _has_other_keys_than_texts(node: Node) -> bool:
    entries = entries_with_merged(node) if isinstance(node, Mapping) else ()
    return any(not _is_text(entry.key) for entry in entries)


def _is_text(node: Node) -> bool:
    if not isinstance(node, Scalar) or not isinstance(meaning(node), str):
        return False
    return bool(node.style or node.tag) or not _DATE.match(node.value)


RULE = Rule(
    "KK117",
    Severity.ERROR,
    T("metadata.name is missing or no text"),
    check,
    why=T(
        "kk takes metadata.name for a text without looking whether it is there: without it, or with a date, it panics; with a number it stops. Both keys have to be spelled in lower case. An empty text in quotes is a name to kk."
    ),
    source="cmd/kk/pkg/common/loader.go, Load (objName)",
    bad="metadata: {}",
    good="""\
metadata:
  name: sample
""",
)
