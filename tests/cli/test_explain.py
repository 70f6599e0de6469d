"""`kkplan explain`."""

from __future__ import annotations

import json

from jsonschema import Draft7Validator

from kkplan.rules.catalogue import catalogue
from kkplan.schema.stored import schema
from tests.conftest import ROOT, Kkplan


def test_a_page_says_why_with_examples_and_its_source(kkplan: Kkplan) -> None:
    text = kkplan("explain", "kk103").stdout.decode()
    assert text.startswith("KK103: internalLoadbalancer: haproxy with a port other than 6443 (error)\n\n")
    assert "Wrong\n  controlPlaneEndpoint:\n    internalLoadbalancer: haproxy\n    port: 8443\n" in text
    assert "kkplan check --fix fixes it" in text
    assert "Source\n  cmd/kk/pkg/loadbalancer/module.go, HaproxyModule" in text


def test_without_a_rule_it_lists_all(kkplan: Kkplan) -> None:
    lines = kkplan("explain").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in catalogue()]


def test_several_and_as_json(kkplan: Kkplan) -> None:
    data = json.loads(kkplan("explain", "KK101", "KK102", "--format", "json", "--lang", "zh").stdout)
    assert [rule["id"] for rule in data["rules"]] == ["KK101", "KK102"]
    assert data["rules"][0]["title"] == "internalLoadbalancer: haproxy with an address"


def test_the_json_of_all_rules_is_as_its_schema_says(kkplan: Kkplan) -> None:
    data = json.loads(kkplan("explain", "--format", "json").stdout)
    Draft7Validator(schema("explanation")).validate(data)
    assert [rule["id"] for rule in data["rules"]] == [rule.id for rule in catalogue()]


def test_as_markdown_it_is_the_committed_page(kkplan: Kkplan) -> None:
    page = kkplan("explain", "KK113", "--format", "markdown").stdout
    assert page == (ROOT / "docs" / "rules" / "KK113.md").read_bytes()
    assert b"| [KK113](KK113.md) | " in kkplan("explain", "--format", "markdown").stdout
    unknown = kkplan("explain", "--format", "yaml")
    assert unknown.returncode == 64
    assert b"Choose one of: json, markdown, text" in unknown.stderr


def test_a_name_that_is_none(kkplan: Kkplan) -> None:
    done = kkplan("explain", "KK1O3")
    assert done.returncode == 64
    assert b"unknown rule KK1O3. Did you mean KK103, " in done.stderr
    for name in ("xyz", "KK999"):
        assert b"To list all rules, run: kkplan explain" in kkplan("explain", name).stderr
