"""The JSON Schemas that come with kkplan."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from kkplan.locale import T, Text


def schema(name: str) -> dict[str, Any]:
    """The schema `NAME.schema.json`: packaged in a wheel, beside the package in a checkout."""
    packaged = files("kkplan") / "schemas" / f"{name}.schema.json"
    source = packaged if packaged.is_file() else Path(__file__).parents[2] / "schemas" / f"{name}.schema.json"
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


def schema_problem(data: object, name: str) -> Text | None:
    """Where the data breaks the schema first; None where it does not. Never quotes the data."""
    from jsonschema import Draft7Validator

    error = next(iter(sorted(Draft7Validator(schema(name)).iter_errors(data), key=lambda error: len(error.path))), None)
    if error is None:
        return None
    place = "/".join(str(part) for part in error.absolute_path) or "/"
    return T(
        "{place} breaks the rule `{rule}` of {schema}", place=place, rule=error.validator, schema=f"{name}.schema.json"
    )
