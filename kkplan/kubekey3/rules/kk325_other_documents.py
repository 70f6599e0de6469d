"""A document beside the Cluster at which kk's loader stops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, Sequence, is_merge, name_of, resolve_alias
from kkplan.document.place import Place
from kkplan.document.scalar import is_null
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

# What is after the dashes, but for a comment. At the left edge no scalar can hold it.
_SEPARATOR_WITH_TEXT = re.compile(r"^---[ \t]*(?=[^\s#])", re.MULTILINE)
_ADVICE = T("kk wants keys and values in every document: move it into a file of its own")


def check(subject: Subject) -> Iterator[Finding]:
    """Find lists, texts and duplicate keys in other documents, directives, and text after the dashes."""
    document, cluster = subject.config.document, subject.config.root
    if document.text.startswith("%"):
        yield RULE.finding(T("kk cannot read a YAML directive and stops"), T("Delete this line"), at=Place(1, 1, 2))
    for separator in _SEPARATOR_WITH_TEXT.finditer(document.text):
        line = document.line_of(separator.start())
        at = Place(line, 1, 4)
        advice = T("Put what is after the dashes on a line of its own")
        if separator.start() <= cluster.start:
            yield RULE.finding(T("kk stops reading at these dashes, so it sees no Cluster"), advice, at=at)
        else:
            yield RULE.finding(
                T("kk stops reading at these dashes and ignores what follows"),
                advice,
                at=at,
                severity=Severity.WARNING,
            )
        break
    for root in document.roots:
        node = resolve_alias(root) if root is not None else None
        if isinstance(node, Sequence) or (isinstance(node, Scalar) and not is_null(node)):
            what = T("a document that is a list") if isinstance(node, Sequence) else T("a document that is a text")
            yield RULE.finding(T("{what}: kk stops with an error", what=what), _ADVICE, at=document.place_of(node))
    for mapping in document.duplicate_key_mappings:
        if not cluster.start <= mapping.start < cluster.end:  # those are KK116's
            twice = _second(mapping)
            if twice is not None:
                yield RULE.finding(
                    T("a key stands twice in one mapping of another document: kk stops with an error"),
                    T("Delete one"),
                    at=document.place_of(twice),
                )


def _second(mapping: Mapping) -> Node | None:
    seen: set[str] = set()
    for entry in mapping.entries:
        if name_of(entry) in seen and not is_merge(entry):
            return entry.key
        seen.add(name_of(entry))
    return None


RULE = Rule(
    "KK325",
    Severity.ERROR,
    T("another document of the file that stops kk"),
    check,
    why=T(
        "kk reads all documents of the file one after the other, and each has to be a mapping without duplicate keys. At dashes with text after them it silently reads no further, and a directive such as %YAML is an error."
    ),
    source="cmd/kk/pkg/common/loader.go, Load (run); k8s.io/apimachinery/pkg/util/yaml, YAMLReader",
    bad="""\
---
- a
- list
""",
    good="""\
---
notes:
- a
- list
""",
)
