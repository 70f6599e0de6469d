"""The schema files: inside the package in a wheel, next to the package in a checkout."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SUFFIX = ".schema.json"
_PACKAGED = Path(__file__).parents[1] / "schemas"
_CHECKOUT = Path(__file__).parents[2] / "schemas"


def schema_names() -> tuple[str, ...]:
    """Names for `schema` and `schema_text`, in alphabetical order: `answers`, `cluster.v1alpha2` …"""
    return tuple(sorted(file.name[: -len(SUFFIX)] for file in _folder().iterdir() if file.name.endswith(SUFFIX)))


def schema(name: str) -> dict[str, Any]:
    """The schema NAME.schema.json."""
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def schema_text(name: str) -> str:
    """The unchanged text of NAME.schema.json."""
    return (_folder() / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def schema_file(name: str) -> Path | None:
    """Path of the file on disk; None in the one-file kkplan, whose files exist only while it runs."""
    return None if getattr(sys, "frozen", False) else (_folder() / f"{name}{SUFFIX}").resolve()


def _folder() -> Path:
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
