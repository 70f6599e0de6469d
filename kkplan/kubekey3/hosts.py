"""The hosts of a Cluster. Passwords and keys are never read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from kkplan.cluster.cluster import ROOT, Host
from kkplan.document import DocumentError
from kkplan.document.node import Mapping, Node, Scalar, merged_entries
from kkplan.document.parse import Document
from kkplan.document.scalar import is_null
from kkplan.kubekey3.keys import child, fold, items_of
from kkplan.locale import T

_HOST_TEXTS = ("name", "address", "internalAddress", "user")


class WrittenHost(NamedTuple):
    """A host as written in the file; missing texts are "".

    Attributes:
        mapping: its entry.
        internal: the internal address, or two with a comma between them.
    """

    mapping: Mapping
    name: str
    address: str
    internal: str
    user: str


# Limit for all hosts together if they are aliases of one mapping; without aliases, `parse` has the limit.
_MAX_HOST_KEYS = 1_000_000


def read_hosts(document: Document, hosts: Node | None) -> Iterator[Host]:
    """The hosts in the list.

    Raises:
        DocumentError: the hosts have more keys than any cluster.
    """
    keys = 0
    for item in items_of(hosts):
        if not isinstance(item, Mapping):
            continue
        if item.start in document.aliased:
            keys += len(item.entries) + sum(1 for _ in merged_entries(item))
            if keys > _MAX_HOST_KEYS:
                message = T("hosts: more keys than any cluster has. Use fewer aliases (*…)")
                raise DocumentError(message, file=document.name, line=document.line_of(item.start))
        written = WrittenHost(item, *_texts_of(item))
        own = _parts(written.internal or written.address)
        locate, user = partial(document.place_of, item), written.user or ROOT
        yield Host(written.name, written.address or written.internal, own, locate, written, user)


def _texts_of(host: Mapping) -> Iterator[str]:
    """Name, addresses and user as written, found by KubeKey's rules; "" for a missing one."""
    scalars = host.scalars(*_HOST_TEXTS, fold=fold)
    return map(_text, (scalar or child(host, key) for scalar, key in zip(scalars, _HOST_TEXTS, strict=True)))


def internal_ipv4(host: Host) -> str:
    """The internal IPv4 address as kk reads it: the text before the first comma, untrimmed."""
    written: WrittenHost = host.source
    return (written.internal or written.address).split(",")[0]


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, Scalar) and not is_null(node) else ""


def _parts(addresses: str) -> tuple[str, ...]:
    if "," not in addresses:
        address = addresses.strip()
        return (address,) if address else ()
    return tuple(part.strip() for part in addresses.split(",") if part.strip())
