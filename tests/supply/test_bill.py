"""The bills of materials: of CycloneDX's form, and of what is really there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kkplan import __version__
from tests.supply.conftest import MACHINE
from tools.offline.one_file import NAME

pytestmark = pytest.mark.thorough


needs_x86_64 = pytest.mark.skipif(MACHINE != "x86_64", reason="the one file is made for x86_64 only")


@pytest.fixture(params=[pytest.param(NAME, marks=needs_x86_64), "wheelhouse"])
def bill(request: pytest.FixtureRequest, handed_out: Path) -> str:
    return (handed_out / f"{request.param}.cdx.json").read_text(encoding="utf-8")


def test_it_has_cyclonedx_form(bill: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_it_says_who_made_what_under_which_licence(bill: str) -> None:
    data: dict[str, Any] = json.loads(bill)
    assert data["metadata"]["component"]["version"] == __version__
    for component in (data["metadata"]["component"], *data["components"]):
        assert component["licenses"], component["name"]


def test_every_reference_is_of_a_component(bill: str) -> None:
    data: dict[str, Any] = json.loads(bill)
    known = {component["bom-ref"] for component in (data["metadata"]["component"], *data["components"])}
    assert {entry["ref"] for entry in data["dependencies"]} == known
    assert {ref for entry in data["dependencies"] for ref in entry["dependsOn"]} <= known


def test_the_wheelhouse_is_in_its_bill(handed_out: Path) -> None:
    data: dict[str, Any] = json.loads((handed_out / "wheelhouse.cdx.json").read_text(encoding="utf-8"))
    listed = {component["hashes"][0]["content"] for component in (data["metadata"]["component"], *data["components"])}
    assert listed == {
        hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in (handed_out / "wheelhouse").glob("*.whl")
    }


@needs_x86_64
def test_the_one_file_names_all_that_is_in_it_with_the_licences_texts(handed_out: Path) -> None:
    data: dict[str, Any] = json.loads((handed_out / f"{NAME}.cdx.json").read_text(encoding="utf-8"))
    components = {component["name"]: component for component in (data["metadata"]["component"], *data["components"])}
    assert {"kkplan", "typer", "pyyaml", "pyinstaller", "staticx", "libc6", "zlib1g"} <= components.keys()
    assert not {"rich", "pygments", "setuptools", "altgraph"} & components.keys()
    assert any(name.startswith("libpython3") for name in components)
    for name, component in components.items():
        texts = [licence["license"]["text"]["content"] for licence in component["evidence"]["licenses"]]
        assert any(len(text) > 100 for text in texts), name
