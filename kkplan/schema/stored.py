"""The schema files: packaged in a wheel, beside the package in a checkout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SUFFIX = ".schema.json"
_PACKAGED = Path(__file__).parents[1] / "schemas"
_CHECKOUT = Path(__file__).parents[2] / "schemas"


def schema_names() -> tuple[str, ...]:
    """What `schema` and `schema_text` take, in alphabetical order: `answers`, `cluster.v1alpha2` …"""
    return tuple(sorted(file.name[: -len(SUFFIX)] for file in _folder().iterdir() if file.name.endswith(SUFFIX)))


def schema(name: str) -> dict[str, Any]:
    """The schema NAME.schema.json."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def schema_text(name: str) -> str:
    """The file NAME.schema.json as it is."""
    return (_folder() / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def schema_file(name: str) -> Path | None:
    """Where the file lies on the disk; None in the one-file kkplan, whose files are there only while it runs."""
    return None if getattr(sys, "frozen", False) else (_folder() / f"{name}{SUFFIX}").resolve()


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
