"""Guesses for typos in controlPlaneEndpoint: for hints and for safe fixes."""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

from kkplan.document.node import Entry, Mapping, Node, Scalar, merged_entries, name_of, resolve_alias
from kkplan.document.scalar import meaning
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP, endpoint_keys, wanted_types
from kkplan.kubekey3.keys import value_of
from kkplan.nearest import nearest

_BY_FOLDED_NAME = {"haproxy": HAPROXY, "kubevip": KUBE_VIP}


def near_key(written: str) -> str:
    """The known key most similar to the written one; "" if none is similar."""
    return nearest(written, endpoint_keys())


def meant_key(written: str) -> str:
    """The known key that differs only by one slip, hyphens, underscores or case; "" if there is none."""
    near = near_key(written)
    return near if near and _differ_by_a_slip(_folded(written), _folded(near)) else ""


def meant_load_balancer(written: str) -> str:
    """The load balancer that differs only by case, spaces, hyphens or underscores; "" if there is none."""
    return _BY_FOLDED_NAME.get(_folded(written), "")


def meant_value(key: str, text: str) -> int | bool | None:
    """The port or boolean that is written in quotes; None if it is neither."""
    if key == "port":
        return int(text) if re.fullmatch(r"[1-9][0-9]{0,4}", text) and int(text) < 65536 else None
    return {"true": True, "false": False}.get(text.casefold()) if key == "externalDNS" else None


def half_width(text: str) -> str:
    """The text as typed without a Chinese input method: no quotes around it, and half-width characters."""
    return unicodedata.normalize("NFKC", text).replace("\u3002", ".").strip("\u201c\u201d\u2018\u2019\"' ")


def fits(key: str, node: Node) -> bool:
    """Whether KubeKey accepts the value for the key, as it is or without its quotes."""
    value = resolve_alias(node)
    if isinstance(value, Scalar):
        read = meaning(value)
        wanted = wanted_types().get(key, ())
        return read is None or type(read) in wanted or (isinstance(read, str) and meant_value(key, read) is not None)
    return isinstance(value, Mapping) and key not in wanted_types()


def entries_meant_as(config: Config, key: str) -> tuple[Entry, ...]:
    """The entries of controlPlaneEndpoint, merged ones included, with this key or a similar one."""
    block = config.node_at("controlPlaneEndpoint")
    entries = (*block.entries, *merged_entries(block)) if isinstance(block, Mapping) else ()
    return tuple(entry for entry in entries if near_key(name_of(entry)) == key)


def mixes_load_balancer_and_address(config: Config) -> bool:
    """Whether both are set, in any spelling, and it is not kube-vip: only one of them can be intended."""
    names, addresses = (
        [value_of(resolve_alias(entry.value)) for entry in entries_meant_as(config, key)]
        for key in ("internalLoadbalancer", "address")
    )
    return any(name and meant_load_balancer(str(name)) != KUBE_VIP for name in names) and any(addresses)


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _differ_by_a_slip(one: str, other: str) -> bool:
    """Whether the texts differ by at most one slip: one letter missing, extra or wrong, or two neighbours swapped."""
    start = _common(one, other)
    one, other = one[start:], other[start:]
    end = _common(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    return (len(one) < 2 and len(other) < 2) or (len(one) == 2 and one == other[::-1])


def _common(one: str, other: str) -> int:
    """Length of the common prefix."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
