"""`kkplan schema`."""

from __future__ import annotations

import json
from pathlib import Path

from kkplan.schema.stored import schema_names, schema_text
from tests.conftest import ROOT, Kkplan


def test_a_schema_comes_out_as_it_is(kkplan: Kkplan) -> None:
    run = kkplan("schema", "cluster.v1alpha2")
    assert run.returncode == 0
    assert run.stdout.decode() == (ROOT / "schemas/cluster.v1alpha2.schema.json").read_text(encoding="utf-8")


def test_the_list_names_every_schema(kkplan: Kkplan) -> None:
    lines = kkplan("schema").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == list(schema_names())


def test_the_modeline_leads_an_editor_to_the_schema(kkplan: Kkplan) -> None:
    line = kkplan("schema", "cluster.v1alpha2", "--modeline").stdout.decode()
    mark, _, path = line.rstrip("\n").partition("=")
    assert mark == "# yaml-language-server: $schema"
    assert json.loads(Path(path).read_text(encoding="utf-8")) == json.loads(schema_text("cluster.v1alpha2"))


def test_a_wrong_name_is_guessed(kkplan: Kkplan) -> None:
    run = kkplan("schema", "cluster.v1alpha3")
    assert run.returncode == 64
    assert b"cluster.v1alpha2" in run.stderr
    assert kkplan("schema", "--modeline").returncode == 64
    assert b"To list all schemas, run: kkplan schema" in kkplan("schema", "zzz").stderr
