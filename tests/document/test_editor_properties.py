"""The editor against configs that hypothesis makes up: nothing outside the block changes, and the block comes out right."""

from __future__ import annotations

import warnings
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning

from kkplan.document import DocumentError
from kkplan.document.change import change_document
from kkplan.document.parse import parse, scanner_with_tabs
from kkplan.errors import KkplanError
from kkplan.kubekey3.config import locate
from kkplan.kubekey3.endpoint import endpoint_settings
from kkplan.kubekey3.read import read
from kkplan.modes.mode import mode_named

COMMENTS = st.sampled_from(["", " # VIP", '   # 虚拟 IP: "x"', "  ", "\t"])
TEXTS = st.sampled_from(
    ['""', "''", "", "~", "10.0.0.9", "'10.0.0.9'", '"10.0.0.9"', "&a 10.0.0.9", "!!str x", "lb.example"]
)
VALUES = {
    "internalLoadbalancer": st.sampled_from(["haproxy", "'haproxy'", '"kube-vip"', '""', "", "haprxy"]),
    "domain": TEXTS,
    "externalDNS": st.sampled_from(["true", "false", "", "yes", '"true"']),
    "address": TEXTS,
    "port": st.sampled_from(["6443", '"6443"', "'8443'", "", "0", "!!str 6443", "x"]),
    "kubevip": st.sampled_from(["{}", "{mode: BGP}", "\n{deeper}mode: ARP"]),
}
TRIVIA = st.sampled_from(
    ["", "{indent}# internalLoadbalancer: haproxy", "{indent}#port: 1 # old", "{indent}## words: of a sentence", "   "]
)


@st.composite
def blocks(draw: st.DrawFn, indent: str) -> str:
    """The lines of a block, or a flow mapping behind the colon."""
    keys = draw(st.lists(st.sampled_from(list(VALUES)), unique=True))
    if draw(st.booleans()):
        pairs = [f"{key}: {draw(VALUES[key]).split(chr(10))[0] or 'null'}" for key in keys if key != "kubevip"]
        return " {" + draw(st.sampled_from([", ", ",", " , ", ",\n" + indent])).join(pairs) + "}\n"
    lines = []
    for key in keys:
        trivia = draw(TRIVIA)
        if trivia:
            lines.append(trivia.format(indent=indent))
        value = draw(VALUES[key]).replace("{deeper}", indent + "  ")
        lines.append(
            f"{indent}{key}:{' ' if not value.startswith(chr(10)) else ''}{value}"
            + (draw(COMMENTS) if "\n" not in value else "")
        )
    return draw(st.sampled_from(["", " ", " # the endpoint"])) + "\n" + "".join(f"{line}\n" for line in lines)


@st.composite
def configs(draw: st.DrawFn) -> bytes:
    """A whole config with a block, none, or a null one, in several layouts."""
    step = draw(st.sampled_from(["  ", "    ", " "]))
    dash = draw(st.sampled_from(["", "  "]))
    body = f'spec:\n{step}hosts:\n{step}{dash}- {{name: n1, address: 1.1.1.1, password: "a,b#c"}}\n'
    body += f"{step}roleGroups:\n{step}{step}master: [n1]\n{step}{step}etcd:\n{step}{step}{dash}- n1   # 主\n"
    if draw(st.integers(0, 5)):
        body += f"{step}controlPlaneEndpoint:" + draw(blocks(indent=step + step))
    tail = draw(
        st.sampled_from(["", f"{step}kubernetes:\n{step}{step}version: v1.23.10\n", "\n\n", "---\nkind: Other\n"])
    )
    text = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata:\n  name: 测试\n" + body + tail
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


WAYS = st.sampled_from(
    [
        ("internal-haproxy", {}),
        ("cloud-lb", {"address": "10.9.8.7"}),
        ("cloud-lb", {"address": "fd00::10", "port": "8443"}),
        ("cloud-lb", {"dns_name": "lb.example.com"}),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(configs(), WAYS)
def test_only_the_block_changes_and_it_is_right(data: bytes, way: tuple[str, dict[str, str]]) -> None:
    mode, answers = mode_named(way[0]), way[1]
    try:
        document = parse(data, "c.yaml")
        config = locate(document)
    except KkplanError:
        return  # YAML that nobody can read; what is read is never refused below
    change = config.change(*endpoint_settings(config.endpoint, mode.wanted(config.endpoint, answers)))
    after = parse(change_document(document, [change]).data, "c.yaml")
    again = locate(after)
    wanted = endpoint_settings(again.endpoint, mode.wanted(again.endpoint, answers))
    assert change_document(after, [again.change(*wanted)]).edits == ()
    _same_but_for_the_block(document.text, after.text)


def _same_but_for_the_block(before: str, after: str) -> None:
    """By another reader, ruamel's own constructor: all but the block is equal."""
    loaded = []
    for text in (before, after):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it
            reader = YAML(typ="safe", pure=True)
            reader.Scanner = scanner_with_tabs()
            documents = list(reader.load_all(text))
        documents[0]["spec"].pop("controlPlaneEndpoint", None)
        loaded.append(documents)
    assert loaded[0] == loaded[1]


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(KkplanError):
        read(parse(data, "c.yaml"))


@pytest.mark.parametrize("text", ["[" * 10_000, "a: " + "{a: " * 5_000])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="nested"):
        parse(text.encode(), "c.yaml")
