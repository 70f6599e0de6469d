"""The schemas of a config and an inventory of KubeKey 4: what an editor checks by, and what kkplan shows."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from kkplan.document.parse import parse
from kkplan.kubekey4.defaults import DEFAULTS
from kkplan.kubekey4.shape import shape_of_document
from kkplan.schema.mask import masked_lines
from kkplan.schema.stored import schema
from tests.kubekey4.test_generated_configs import GENERATED, INVENTORY


def errors(kind: str, text: str) -> list[str]:
    return [error.message for error in Draft7Validator(schema(f"{kind}.v1")).iter_errors(YAML(typ="safe").load(text))]


@pytest.mark.parametrize("generated", GENERATED, ids=lambda path: path.stem)
def test_what_kk_writes_is_right(generated: Any) -> None:
    assert errors("config", generated.read_text()) == []


def test_an_inventory_is_right() -> None:
    assert errors("inventory", INVENTORY) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: local", "type: kube_vip"),
        ("type: local", "typ: local"),
        ("kube_version: v1.33.4", "kube_version: [v1.33.4]"),
        ("control_plane_endpoint:", "controlPlaneEndpoint:"),
    ],
)
def test_what_an_editor_underlines(old: str, new: str) -> None:
    text = next(path for path in GENERATED if "v1.33" in path.stem).read_text()
    assert old in text
    assert errors("config", text.replace(old, new)) != []


@pytest.mark.parametrize(("old", "new"), [("connector: {host", "connector: {hosts"), ("{hosts: [w1]}", "{host: [w1]}")])
def test_what_is_wrong_in_an_inventory(old: str, new: str) -> None:
    assert errors("inventory", INVENTORY.replace(old, new)) != []


def test_other_documents_are_not_checked() -> None:
    assert errors("config", "kind: Cluster\nspec: {hosts: []}\n") == []


def known(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref", "")
    return known(definitions[reference.rpartition("/")[2]], definitions) if reference else node


def missing(defaults: Any, node: dict[str, Any], definitions: dict[str, Any], path: str) -> list[str]:
    node = known(node, definitions)
    if not isinstance(defaults, dict) or "properties" not in node:
        return []
    found = [f"{path}.{key}" for key in defaults if key not in node["properties"] and not node["additionalProperties"]]
    for key, value in defaults.items():
        if key in node["properties"]:
            found += missing(value, node["properties"][key], definitions, f"{path}.{key}")
    return found


def test_every_default_has_its_key() -> None:
    definitions = schema("config.v1")["definitions"]
    assert missing(dict(DEFAULTS), definitions["variables"], definitions, "spec") == []


def test_secrets_are_masked_and_hosts_are_shown() -> None:
    text = INVENTORY.replace("{host: 10.0.0.11}", "{host: 10.0.0.11, password: hunter, private_key_content: abc, x: y}")
    document = parse(text.encode(), "inventory.yaml")
    shown = "".join(masked_lines(document, shape_of_document))
    assert "cp1: {connector: {host: 10.0.0.11, password: ********, private_key_content: ********" in shown
    assert "hunter" not in shown
    assert "abc" not in shown


def test_a_registry_s_password_is_masked() -> None:
    text = (
        "kind: Config\nspec:\n  image_registry:\n    auth: {username: admin, password: harbor}\n  mine: {word: tree}\n"
    )
    shown = "".join(masked_lines(parse(text.encode(), "config.yaml"), shape_of_document))
    assert "harbor" not in shown
    assert "tree" not in shown
    assert "    auth: {username: ********, password: ********}" in shown
