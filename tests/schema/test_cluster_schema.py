"""The schemas of a Cluster: right as schemas, complete, and what kkplan's own walk goes by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from kkplan.document.parse import parse
from kkplan.kubekey3.config import locate
from kkplan.schema.stored import schema, schema_names
from kkplan.schema.violation import Kind
from tests.conftest import ROOT
from tests.rules.conftest import config_text
from tools.schemas import files

VERSIONS = ("v1alpha1", "v1alpha2")
NAMES = frozenset(("Multus", "ovs-ovn", "veth MTU"))  # nobody says them in Chinese
JSON_SCHEMA_FINDS = frozenset(Kind) - {Kind.OUTDATED_KEY, Kind.LATER_KEY}


@pytest.mark.parametrize("name", schema_names())
def test_each_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(schema(name))
    assert schema(name)["title"]


@pytest.mark.parametrize("path", files())
def test_the_files_are_those_that_make_schemas_writes(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == files()[path]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_key_has_a_chinese_title_and_an_english_description(version: str) -> None:
    for place, node in _keys(schema(f"cluster.{version}"), ""):
        title, description = node.get("title", ""), node.get("description", "")
        assert not title.isascii() or title in NAMES, place
        assert description, place
        assert not re.search("[\u4e00-\u9fff]", description), place


@pytest.mark.parametrize("version", VERSIONS)
def test_no_one_of_whose_error_would_print_the_whole_object(version: str) -> None:
    assert "oneOf" not in repr(schema(f"cluster.{version}"))
    assert "anyOf" not in repr(schema(f"cluster.{version}"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_definition_names_kubekeys_source(version: str) -> None:
    for name, node in schema(f"cluster.{version}")["definitions"].items():
        assert re.match(r"KubeKey: .*(\.go\b|k8s\.io|docs/addons\.md of KubeKey 1)", node["$comment"]), name


@pytest.mark.parametrize("version", VERSIONS)
def test_null_is_an_unset_key(version: str) -> None:
    """encoding/json leaves the field as it is. What kk needs, and a document's identity, have to be there."""
    definitions = schema(f"cluster.{version}")["definitions"]
    refused = {place for place, node in _keys(definitions, "") if "null" not in node["type"]}
    identity = {f"/cluster/{name}" for name in ("apiVersion", "kind")}
    needed = {f"/{name}/{key}" for name, node in definitions.items() for key in node.get("required", ())}
    assert refused == identity | {place for place in needed if "$ref" not in _at(definitions, place)}


def _at(definitions: dict[str, Any], place: str) -> dict[str, Any]:
    _, name, key = place.split("/")
    found: dict[str, Any] = definitions[name]["properties"][key]
    return found


def _keys(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for name, inner in node.get("properties", {}).items():
            if isinstance(inner, dict) and "const" not in inner and "$ref" not in inner:
                yield f"{place}/{name}", inner
        for name, inner in node.items():
            yield from _keys(inner, f"{place}/{name}")


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-2, 70000), st.sampled_from(["", "ipvs", "IPVS", "calico", "v1.26.5"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["name", "typo"]), inner)),
    max_leaves=4,
)
DEFINITIONS = schema("cluster.v1alpha2")["definitions"]
SECTIONS = {
    name: [key for key, node in DEFINITIONS[name]["properties"].items() if "deprecationMessage" not in node]
    for name in ("kubernetes", "network", "registry", "etcd")
}


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """Some keys of some sections, right or wrong."""
    made: dict[str, Any] = {}
    for name in draw(st.sets(st.sampled_from(sorted(SECTIONS)), min_size=1)):
        keys = st.sampled_from([*SECTIONS[name], "unheardOf"])
        made[name] = draw(st.dictionaries(keys, VALUES, max_size=3))
    return made


@settings(max_examples=300, deadline=None)
@given(specs())
def test_the_walk_finds_what_jsonschema_finds(more: dict[str, Any]) -> None:
    """Whether something is wrong: jsonschema on the loaded file and kkplan's walk on its nodes are of one mind."""
    text = config_text(more="".join(f"{name}: {json.dumps(value)}\n" for name, value in more.items()))
    config = locate(parse(text.encode(), "config-sample.yaml"))
    found = [violation for violation in config.violations if violation.kind in JSON_SCHEMA_FINDS]
    loaded = YAML(typ="safe", pure=True).load(text)
    expected = list(Draft7Validator(schema("cluster.v1alpha2")).iter_errors(loaded))
    assert bool(found) == bool(expected), (found, [error.message for error in expected])
