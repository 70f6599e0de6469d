"""Validates kkplan's own data against its JSON Schemas."""

from __future__ import annotations

from kkplan.locale import T, Text
from kkplan.schema.stored import schema


def schema_problem(data: object, name: str) -> Text | None:
    """The first violation of the schema; None if there is none. Never quotes the data."""
    from jsonschema import Draft7Validator

    error = next(iter(sorted(Draft7Validator(schema(name)).iter_errors(data), key=lambda error: len(error.path))), None)
    if error is None:
        return None
    place = "/".join(str(part) for part in error.absolute_path) or "/"
    return T("{place} violates `{rule}` of {schema}", place=place, rule=error.validator, schema=f"{name}.schema.json")
