"""A no-break or ideographic space, which looks like a space and is a part of a name or a value."""

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
_PROSE = ("|", ">")  # scripts and notes may have any character


def check(subject: Subject) -> Iterator[Finding]:
    """Find them in keys, and at the beginning or the end of values."""
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
                            "{what} in a key: KubeKey does not know the key, and silently drops it",
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
                    T("{what} is a part of the value here", what=space_in_words(space)),
                    _ADVICE,
                    at=document.place_of(node),
                )


RULE = Rule(
    "KK326",
    Severity.ERROR,
    T("a no-break or ideographic space"),
    check,
    why=T(
        "What was copied from a web page, a document or a chat often has no-break spaces, and a Chinese input method types ideographic ones. They look like a space, but to YAML they are letters: a key with one is another key, and a value with one another value. kk drops the key, or takes the value with the space in it."
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
