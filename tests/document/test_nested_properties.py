"""Changes anywhere in a file that hypothesis makes up: missing parents, lists, removals, anchors.

What was asked for is there afterwards, by another reader, and nothing else is another; or the edit is refused in clear words.
"""

from __future__ import annotations

import copy
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning

from kkplan.document import DocumentError
from kkplan.document.change import Change, change_document
from kkplan.document.parse import parse
from kkplan.document.setting import Setting
from kkplan.document.verify import Leaf, edited_below, verify_unchanged

KEYS = {
    (): ("kind", "spec", "status"),
    ("spec",): ("zone", "kubernetes", "etcd"),
    ("spec", "kubernetes"): ("version", "endpoint", "apiserver", "proxy"),
    ("spec", "kubernetes", "endpoint"): ("host", "port", "type", "local", "vip"),
    ("spec", "kubernetes", "apiserver"): ("port", "names"),
}
ENDPOINT = ("spec", "kubernetes", "endpoint")
SCALARS = {
    "host": "lb.example",
    "port": "6443",
    "type": "haproxy",
    "zone": "cn",
    "version": "v1.33.1",
    "address": "10.0.0.9",
}
COMMENTS = st.sampled_from(["", "", "# port: 1 # old", "# of the key below", "   "])


def keys_at(path: tuple[str, ...]) -> tuple[str, ...]:
    return KEYS.get(path, ("image", "address"))


@st.composite
def values(draw: st.DrawFn, path: tuple[str, ...]) -> Any:
    """What a key may hold; a list of two for a null that is written somehow."""
    key = path[-1]
    if key in SCALARS:
        return draw(st.sampled_from([SCALARS[key], f"'{SCALARS[key]}'", f"&a{len(path)} {SCALARS[key]}"]))
    if key == "names":
        return draw(
            st.sampled_from(
                ["", "[]", "[a.example]", "[a.example, 'b']", ["- a.example"], ["- a.example", "- 10.0.0.1"]]
            )
        )
    if key in ("proxy", "etcd", "status", "image"):
        if draw(st.integers(0, 7)) == 0:
            return draw(st.sampled_from(["*a3", "*a4", "*a5"]))
        return draw(st.sampled_from(["x", "{mode: ipvs}", ["mode: ipvs", "# deeper"]]))
    inner = keys_at(path)
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(["", "~", "{}", "null"]))
    chosen = draw(st.lists(st.sampled_from(inner), unique=True, min_size=1))
    return {name: draw(values((*path, name))) for name in chosen}


@st.composite
def files(draw: st.DrawFn) -> bytes:
    step = draw(st.sampled_from([2, 2, 4, 1]))
    flow = draw(st.integers(0, 6)) == 0

    def flow_of(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {flow_of(inner) or 'null'}" for key, inner in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(line.removeprefix("- ") for line in value if line.startswith("- ")) + "]"
        return str(value)

    def lines_of(key: str, value: Any, indent: int) -> list[str]:
        comment, blank = draw(COMMENTS), " " * indent
        lines = [blank + comment] if comment.strip() else [comment] if comment else []
        if isinstance(value, dict):
            lines.append(f"{blank}{key}:")
            return lines + [line for name, inner in value.items() for line in lines_of(name, inner, indent + step)]
        if isinstance(value, list):
            return [*lines, f"{blank}{key}:", *(" " * (indent + step) + line for line in value)]
        return [*lines, f"{blank}{key}: {value}".rstrip() + draw(st.sampled_from(["", " # 注释"]))]

    content = {"spec": draw(values(("spec",))), "status": draw(values(("status",)))}
    chosen = draw(st.sampled_from([["spec"], ["spec", "status"], ["status"], ["status", "spec"]]))
    lines = ["kind: Config"]
    for key in chosen:
        lines += [f"{key}: {flow_of(content[key])}"] if flow else lines_of(key, content[key], 0)
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))
    return (text.replace("\n", "\r\n") if draw(st.booleans()) else text).encode()


WANTED = st.lists(
    st.sampled_from(
        [
            Change(0, ENDPOINT, (Setting("type", "local"), Setting("port", 6443)), keys_at),
            Change(0, ENDPOINT, (Setting("host", "new.example"),), keys_at),
            Change(0, (*ENDPOINT, "local"), (Setting("address", "10.0.0.100", quoted=True),), keys_at),
            Change(0, ENDPOINT, (Setting("vip", None, is_any=True),), keys_at),
            Change(0, (*ENDPOINT, "vip"), (Setting("address", None),), keys_at),
            Change(
                0,
                ("spec", "kubernetes", "apiserver"),
                (
                    Setting("names", "10.0.0.100", quoted=True, is_item=True),
                    Setting("names", "c.example", is_item=True),
                ),
                keys_at,
            ),
        ]
    ),
    min_size=1,
    unique_by=lambda change: (change.path, change.settings),
)


def load(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return YAML(typ="safe", pure=True).load(data.decode())


def applied(content: Any, changes: list[Change]) -> Any:
    """What the changes make of the content, by the words of their docstrings."""
    content = copy.deepcopy(content)
    for change in changes:
        wants_something = any(setting.value is not None for setting in change.settings)
        mapping = content
        for key in change.path:
            if not isinstance(mapping.get(key), dict):
                if not wants_something:
                    break
                mapping[key] = {}
            mapping = mapping[key]
        else:
            for setting in change.settings:
                if setting.is_item:
                    items = mapping.get(setting.key) or []
                    mapping[setting.key] = items if setting.value in items else [*items, setting.value]
                elif setting.value is None:
                    mapping.pop(setting.key, None)
                else:
                    mapping[setting.key] = setting.value
    return content


def without_nothing(node: Any) -> Any:
    """A mapping whose last key was commented out reads as a null, and so does one that was never there."""
    if isinstance(node, dict):
        kept = {key: without_nothing(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value is not None} or None
    return [without_nothing(item) for item in node] if isinstance(node, list) else node


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(files(), WANTED)
def test_what_was_asked_for_and_nothing_else(data: bytes, changes: list[Change]) -> None:
    paths = [(change.path, setting) for change in changes for setting in change.settings]
    removes_vip = ((ENDPOINT), Setting("vip", None, is_any=True)) in paths
    if removes_vip and ((*ENDPOINT, "vip"), Setting("address", None)) in paths:
        return  # one or the other
    try:
        before = parse(data, "c.yaml")
        changed = change_document(before, changes)
    except DocumentError as error:
        text = error.message.english
        assert "did not come out as planned" not in text, (data.decode(), text)
        return
    assert without_nothing(load(changed.data)) == without_nothing(applied(load(data), changes)), data.decode()
    assert change_document(parse(changed.data, "c.yaml"), changes).edits == ()
    ends = (b"\r\n", b"\n")
    assert changed.data.replace(ends[0], b"").count(b"\n") == (0 if b"\r\n" in data else changed.data.count(b"\n"))


def test_new_lines_that_meet() -> None:
    """The deeper ones come first: they belong to the key above."""
    text = "spec:\n  kubernetes:\n    endpoint:\n      local:\n        image: x\n      type: local\n"
    port = Change(0, ENDPOINT, (Setting("port", 6443),), keys_at)
    address = Change(0, (*ENDPOINT, "local"), (Setting("address", "10.0.0.100"),), keys_at)
    after = text.replace("      type", "        address: 10.0.0.100\n      port: 6443\n      type")
    for changes in ([port, address], [address, port]):
        assert change_document(parse(text.encode(), "c.yaml"), changes).data.decode() == after


def test_what_is_missing_is_written_where_its_order_has_it() -> None:
    """In the file's own indentation, whatever is missing above it."""
    change = Change(0, ENDPOINT, (Setting("type", "local"), Setting("host", "lb")), keys_at)
    for before, after in (
        (
            "spec:\n    zone: cn\n    etcd: x\n",
            "spec:\n    zone: cn\n    kubernetes:\n        endpoint:\n            host: lb\n            type: local\n    etcd: x\n",
        ),
        ("kind: Config", "kind: Config\nspec:\n  kubernetes:\n    endpoint:\n      host: lb\n      type: local"),
        ("spec: {kubernetes: {}}\n", "spec: {kubernetes: {endpoint: {host: lb, type: local}}}\n"),
        (
            "spec:\n  kubernetes:\n\n  etcd: x\n",
            "spec:\n  kubernetes:\n    endpoint:\n      host: lb\n      type: local\n\n  etcd: x\n",
        ),
    ):
        assert change_document(parse(before.encode(), "c.yaml"), [change]).data.decode() == after


def test_each_change_has_its_own_fold() -> None:
    """One document is read in exact case, the other is not."""
    text = "Port: 1\nspec: {Port: 1}\n---\nspec: {Port: 1}\n"
    port = (Setting("port", 2),)
    changes = [Change(0, ("spec",), port, keys_at), Change(1, ("spec",), port, keys_at, str.casefold)]
    after = "Port: 1\nspec: {Port: 1, port: 2}\n---\nspec: {Port: 2}\n"
    assert change_document(parse(text.encode(), "c.yaml"), changes).data.decode() == after
    assert change_document(parse(text.encode(), "c.yaml"), changes[::-1]).data.decode() == after


def test_the_proof_leaves_out_only_the_edited_entry() -> None:
    """Another key that is spelled alike, but is not the edited one, has to stay as it is."""
    before = parse(b"spec: {port: 1, PORT: 1}\n", "c.yaml")
    edited = {0: edited_below([Leaf(("spec", "port"), str.casefold)])}
    verify_unchanged(before, parse(b"spec: {port: 2, PORT: 1}\n", "c.yaml"), edited)
    with pytest.raises(DocumentError, match="other than the planned keys"):
        verify_unchanged(before, parse(b"spec: {port: 2, PORT: 2}\n", "c.yaml"), edited)


@pytest.mark.parametrize(
    "text",
    [
        "spec: {kubernetes: {endpoint: {vip: {address: &x 1}}}}\nstatus: *x\n",
        "spec: {kubernetes: {endpoint: {vip: &x {address: 1}}}}\nstatus: *x\n",
        "spec: {kubernetes: {endpoint: &x {vip: {address: 1}}}}\nstatus: *x\n",
        "spec: {kubernetes: &x {endpoint: {vip: {address: 1}}}}\nstatus: *x\n",
        "spec: &x {kubernetes: {endpoint: {vip: {address: 1}}}}\nstatus: *x\n",
        "status: &x {vip: {address: 1}}\nspec: {kubernetes: {endpoint: *x}}\n",
        "status: &x {endpoint: {vip: {address: 1}}}\nspec: {kubernetes: {<<: *x}}\n",
    ],
)
def test_what_an_alias_shares_is_refused(text: str) -> None:
    """With where it is and what to do, never as an edit that went wrong."""
    change = Change(0, ENDPOINT, (Setting("vip", None, is_any=True), Setting("port", 6443)), keys_at)
    with pytest.raises(DocumentError) as caught:
        change_document(parse(text.encode(), "c.yaml"), [change])
    assert caught.value.line
    assert "did not come out" not in caught.value.message.english
