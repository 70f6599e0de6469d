"""libyaml and the pure parser give the same nodes, and the same words where a text is refused."""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kkplan.document import DocumentError
from kkplan.document.decode import decode
from kkplan.document.parse import libyaml, parse, tree_by_libyaml, tree_by_ruamel
from kkplan.document.tree import Tree
from tests.conftest import PATTERNS, ROOT, Kkplan
from tests.document.test_editor_properties import configs

FILES = sorted((*(ROOT / "tests" / "fixtures").rglob("*.yaml"), *(ROOT / "samples").rglob("*.yaml")))

pytestmark = pytest.mark.skipif(libyaml() is None, reason="PyYAML came without libyaml")

# Pieces of YAML that parsers have read differently.
FRAGMENTS = st.sampled_from(
    [
        "a: 1\n", "- b\n", "  c: 'd'\n", '  "e": f # g\n', "h:\n", "  - i\n", "? j\n: k\n", "l: {m: fe80::1, n: [o]}\n", "p: |\n  q\n\n",
        "r: >-\n  s\n", "t: &u v\n", "w: *u\n", "<<: *u\n", "x: !!str 1\n", "---\n", "...\n", "y: {url: http://z}\n", "\tA: B\n", "C:\tD\n",
        "E: 'F\n  G'\n", "H: I\n  J\n", "K: \n", "{}\n", "[]\n", "L: [a, b,\n  c]\n", "中: 文\n", "\r\n", "M: N\r\n", "\u2028", "# O\n", "%YAML 1.1\n",
        "P: !<tag:x> Q\n", "R: \"\\u4e2d\\x41\"\n", "- - S\n", "-\n  T: U\n", "V: - W\n", "X: @Y\n", "Z: `a`\n", "b: 'c\n", "d: [e\n", "🎉: f\n",
    ]
)  # fmt: skip


def same(text: str) -> None:
    """Both parsers say the same of the text, unless the C one leaves it to the pure one."""
    by_libyaml = tree_by_libyaml("x", text)
    if by_libyaml is None:
        return
    try:
        pure = tree_by_ruamel("x", text)
    except DocumentError as error:
        raise AssertionError(f"only the pure parser refuses it: {error}") from None
    for column in Tree.__slots__:
        assert getattr(by_libyaml, column) == getattr(pure, column)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_same_nodes_of_every_fixture(path: Path) -> None:
    with suppress(DocumentError):  # no text at all, with any parser
        same(decode(path.read_bytes(), "x")[1])


@given(configs())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_nodes_of_made_up_configs(data: bytes) -> None:
    same(decode(data, "x")[1])


@given(st.lists(FRAGMENTS, min_size=1, max_size=8).map("".join))
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_nodes_of_odd_texts(text: str) -> None:
    same(text)


def test_plain_scalars_with_colons_in_flow_style_are_libyaml_s_too() -> None:
    """Which 0.1.7, the one in ruamel.yaml.clib, refuses."""
    assert tree_by_libyaml("x", "{address: fe80::1, url: http://x}") is not None


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", sorted(folder.name for folder in PATTERNS.iterdir() if folder.is_dir()))
def test_the_program_says_the_same_with_the_pure_parser(name: str, kkplan: Kkplan) -> None:
    command = ("plan", str(PATTERNS / name / "config.yaml"), "--mode", "internal-haproxy")
    one, other = kkplan(*command), kkplan(*command, KKPLAN_YAML="pure")
    assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


def test_what_was_read_is_let_go() -> None:
    """Nothing of a common file is kept from the garbage collector: a check of a folder reads thousands."""
    kept = gc.get_freeze_count()
    for text in (b"a: {b: c}\n", b"a: {b: c\n", b"a: *b\n"):
        with suppress(DocumentError):
            parse(text, "c.yaml")
    assert gc.get_freeze_count() == kept
