"""A no-break or ideographic space, which looks like a space but is part of a name or a value."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, Sequence, name_of
from kkplan.document.odd_space import odd_space, space_in_words
from kkplan.document.parse import Document
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_ADVICE = T("Type the space again, or remove it")
_PROSE = ("|", ">")  # scripts and notes may contain any character


def check(subject: Subject) -> Iterator[Finding]:
    """Find these spaces in keys, and at the start or the end of values."""
    document = subject.config.document
    if odd_space(document.text):
        yield from _findings(document, subject.config.root)


def _findings(document: Document, root: Node) -> Iterator[Finding]:
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            for entry in reversed(node.entries):
                waiting.append(entry.value)
                if space := odd_space(name_of(entry)):
                    yield RULE.finding(
                        T(
                            "{what} in a key makes it an unknown key: KubeKey silently ignores it",
                            what=space_in_words(space),
                        ),
                        _ADVICE,
                        at=document.place_of(entry.key),
                        severity=Severity.WARNING,
                    )
        elif isinstance(node, Sequence):
            waiting += reversed(node.items)
        elif isinstance(node, Scalar) and node.style not in _PROSE and node.value != node.value.strip():
            space = odd_space(node.value[:1]) or odd_space(node.value[-1:])
            if space:
                yield RULE.finding(
                    T("{what} is part of this value", what=space_in_words(space)),
                    _ADVICE,
                    at=document.place_of(node),
                )


RULE = Rule(
    "KK326",
    Severity.ERROR,
    T("a no-break or ideographic space"),
    check,
    why=T(
        "Text copied from a web page, a document or a chat often contains no-break spaces, and a Chinese "
        "input method types ideographic spaces. They look like a space, but YAML treats them as letters. "
        "They make a key another key and a value another value: kk ignores the key, or uses the value with "
        "the space in it."
    ),
    source="YAML 1.2, 5.5, White Space Characters; sigs.k8s.io/yaml",
    bad="""\
kubernetes:
  version: v1.26.5
  \u00a0containerManager: containerd
""",
    good="""\
kubernetes:
  version: v1.26.5
  containerManager: containerd
""",
)
