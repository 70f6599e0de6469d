"""What the fuzzer has found, once and for all."""

from __future__ import annotations

import pytest

from kkplan.document import DocumentError
from kkplan.document.parse import parse
from tests.attack.judge import WAYS, judge

HEAD = "kind: Cluster\nspec:\n  hosts: []\n  controlPlaneEndpoint:\n"


@pytest.fixture(autouse=True, params=["libyaml", "pure"])
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr("kkplan.document.parse.libyaml", lambda: None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "block",
    [
        "    internalLoadbalancer: 'ha\n  proxy\n  x'\n    port: 6443\n",  # goes on left of its key: to be commented out
        "    domain: !!strm\n    address: !!int 5\n    port: !!str 1\n",  # a tag that makes no text of a text
        "    domain: !!int 5\n    address: !!binary aGk=\n",
        "    !!str domain: x\n    &a address: 9.9.9.9\n",  # a key's tag stands left of it
        "    port: 0x1\n    domain: x\n    address: "
        + "9" * 100_000
        + "\n",  # more digits than Python makes a number of
        "    ? internalLoadbalancer\n    : haproxy\n    ? port\n    : 1\n",  # keys with a question mark
        "    domain: x\n    port: !!str >+\n      1\n\n",  # a tag before a block scalar
        "    internalLoadbalancer: >\n      kube-vip\n\n\n    port: 1\n",  # blank lines below what is commented out
        "    address: >-\n      lb\n      # text\n    # c\n    externalDNS: false\n",  # text that looks like a comment
        "    kubevip: |+\n      x\n\n",  # its blank lines are a part of it
        "    domain: x\n    # port: 6443.0\n",  # turned on as 6443
        "    domain: !x # c\n      &a1 old\n    address: !y   &b ''\n",  # a tag before the anchor; ruamel.yaml marks the anchor
        "    domain: x\n",  # no backend: a cloud load balancer's order had none to name
    ],
)
def test_it_is_edited(block: str, way: tuple[str, dict[str, str]]) -> None:
    assert judge((HEAD + block).encode(), way, whole=True) == "edited"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "block",
    [
        " {\n    !!str port: 6443}\n",
        " {!!str domain: x, &a port: 1}\n",
        " {!!str address: x}\n",
        " {internalLoadbalancer: kube-vip # c\n    , # c, d\n    port: x}\n",  # a comma on a line of its own
        " {port: 6443, # c\n    internalLoadbalancer: kube-vip # c\n    }\n",  # a comment behind the comma before it
        " {address, port, domain}\n",  # keys without a colon
        " {internalLoadbalancer: , kubevip: !!null , port: 1}\n",  # a comma would become part of the key or the tag
        " {? internalLoadbalancer : kube-vip, ? port : 1}\n",
        " {? internalLoadbalancer : haprxy\n    }\n",
        " {# c\n    }\n",
        ' {port: 6443, kubevip: ""# c\n    }\n',
        ' {port: "x"# c\n    }\n',  # a comment right behind the quote
    ],
)
def test_it_is_edited_in_flow_style(block: str, way: tuple[str, dict[str, str]]) -> None:
    assert judge((HEAD.rstrip("\n") + block).encode(), way, whole=True) == "edited"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("block", "answer"),
    [
        (" {? domain, port: 1}\n", "edited"),
        ("\n    ? domain\n    port: 1\n", "refused"),
        ("\n    ? domain\n    # x: y\n    port:\n", "refused"),
        ("\n    ? !!str domain\n    port: 1\n", "refused"),
        (" &a\n    ? domain\n    :\n    port: 1\n", "edited"),
        ("\n    domain: x\n    ? port\n  : 1\n", "refused"),  # the colon is the outer mapping's
    ],
)
def test_a_key_with_a_question_mark_and_nothing_else(block: str, answer: str, way: tuple[str, dict[str, str]]) -> None:
    assert judge((HEAD.rstrip("\n") + block).encode(), way, whole=True) == answer


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "\r"])
def test_line_ends_that_only_kk_knows_are_refused(separator: str) -> None:
    with pytest.raises(DocumentError, match=rf"U\+{ord(separator):04X}.*Delete") as refused:
        parse(f"{HEAD}    domain: a{separator}b\n".encode(), "c.yaml")
    assert refused.value.line == 5


@pytest.mark.parametrize("header", [">#", "|-#"])
def test_a_comment_right_behind_a_block_scalar_s_header_is_refused(header: str) -> None:
    with pytest.raises(DocumentError, match="invalid YAML"):
        parse(f"{HEAD}    domain:\n      {header} c\n    port: 1\n".encode(), "c.yaml")


@pytest.mark.parametrize("anchor", ["&甲", "&a:b"])
def test_an_anchor_that_kk_refuses_or_reads_otherwise_is_refused(anchor: str) -> None:
    with pytest.raises(DocumentError, match=r"anchor.*rename"):
        parse(f"{HEAD}    port: {anchor} 1\n".encode(), "c.yaml")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "Cluster", "spec": {"addons", controlPlaneEndpoint}}',
        "kind: Cluster\nspec: {hosts: [], addons: }\n",
        "kind: Cluster\nspec: {hosts: [], addons:,\n }\n",  # libyaml reads a key `addons:`
        # a comment, or the key's tag, behind the block's own tag
        "kind: Cluster\nspec:\n  controlPlaneEndpoint: !!map\n      # c\n    !!str port: 6443\n",
    ],
)
def test_a_whole_config_is_edited(text: str, way: tuple[str, dict[str, str]]) -> None:
    assert judge(text.encode(), way, whole=True) == "edited"


@pytest.mark.parametrize("way", WAYS)
def test_a_tab_that_kk_would_not_read_after_a_plain_value(way: tuple[str, dict[str, str]]) -> None:
    """`port:` with nothing is read, `port: 6443` in its place no longer."""
    text = HEAD.rstrip("\n") + " {\n    domain: x, address: 10.0.0.9,\n    port:\n\t, kubevip: {}}\n"
    assert judge(text.encode(), way) == "refused"
    assert judge(text.replace("\t", "    ").encode(), way) == "edited"


@pytest.mark.parametrize("way", WAYS)
def test_tabs_in_a_config_that_is_json(way: tuple[str, dict[str, str]]) -> None:
    """Where all of the document is in flow style, kk takes them anywhere."""
    text = '{\n\t"kind": "Cluster",\n\t"spec": {\n\t\t"hosts": [],\n\t\t"controlPlaneEndpoint": {\n\t\t\t"port": 1\n\t\t}\n\t}\n}\n'
    assert judge(text.encode(), way, whole=True) == "edited"


def test_a_key_that_is_gone_takes_no_anchor_with_it() -> None:
    """Else an alias below it would lead to another node of that name, or to none."""
    text = (
        HEAD.replace("kind", "dns: &a foo\nkind")
        + "    &a internalLoadbalancer: haproxy\n  system: {skipConfigureOS: *a }\n"
    )
    assert judge(text.encode(), WAYS[1]) == "refused"
    assert judge(text.replace("*a", "foo").encode(), WAYS[1]) == "edited"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "block", ["domain: &a lb\n    externalDNS: *a\n", "&a domain: lb\n    port: 1\n    kubevip: {mode: *a }\n"]
)
def test_an_alias_of_what_an_edit_leaves_alone(block: str, way: tuple[str, dict[str, str]]) -> None:
    """Of a value that is as wanted already, and of a key whose value changes; a shared value is refused."""
    assert judge((HEAD + "    " + block).encode(), way) in ("edited", "refused")
