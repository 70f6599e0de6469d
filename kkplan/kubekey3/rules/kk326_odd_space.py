"""A space that is part of a key or a value: a no-break or ideographic one, or any around an address."""

from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, Sequence, name_of
from kkplan.document.odd_space import edge_space, odd_space, space_in_words
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.kubekey3.hosts import WrittenHost
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_ADVICE = T("Type the space again, or remove it")
_PROSE = ("|", ">")  # scripts and notes may contain any character


def check(subject: Subject) -> Findings:
    document = subject.config.document
    if odd_space(document.text):
        yield from _findings(document, subject.config.root)
    for key, value, place in _addresses(subject):
        space = edge_space(value)
        if space and not odd_space(space):
            yield RULE.finding(
                T("{key} starts or ends with a space: kk keeps it, and kubeadm rejects the value", key=key),
                T("Remove the space"),
                at=place,
            )


def _addresses(subject: Subject) -> Iterator[tuple[str, str, Place]]:
    """Key, value and place of the endpoint's name and address, and of the hosts'. KK313 covers two addresses."""
    endpoint = subject.endpoint
    yield "domain", endpoint.domain, endpoint.place_of("domain")
    yield "address", endpoint.address, endpoint.place_of("address")
    for host in subject.config.hosts:
        written = host.source
        yield from ((key, value, host.place) for key, value in _of_host(written) if edge_space(value))


def _of_host(written: WrittenHost) -> Iterator[tuple[str, str]]:
    yield "address", written.address
    if "," not in written.internal:
        yield "internalAddress", written.internal


def _findings(document: Document, root: Node) -> Findings:
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
    T("a space that is part of a name or a value"),
    check,
    why=T(
        "Text copied from a web page, a document or a chat often contains no-break spaces, and a Chinese "
        "input method types ideographic spaces. They look like a space, but YAML treats them as letters. "
        "They make a key another key and a value another value: kk ignores the key, or uses the value with "
        "the space in it. kk does not trim addresses either: in quotes, a plain space before or after one becomes "
        "part of it, in SSH, in HAProxy's configuration and in the certificates, where kubeadm rejects it."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs; YAML 1.2, 5.5, White Space Characters; sigs.k8s.io/yaml",
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
