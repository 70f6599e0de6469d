"""The schema files: inside the package in a wheel, next to the package in a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Traversable

SUFFIX = ".schema.json"
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
    try:
        packaged = get_data("kkplan", f"schemas/{name}{SUFFIX}")
    except OSError:
        packaged = None
    return packaged.decode() if packaged is not None else (_CHECKOUT / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def schema_file(name: str) -> Path | None:
    """Path of the file on disk; None inside a zip."""
    file = _folder() / f"{name}{SUFFIX}"
    return file.resolve() if isinstance(file, Path) else None


def _folder() -> Traversable:
    from importlib.resources import files  # slow to load, and a plan only reads a schema

    packaged = files("kkplan") / "schemas"
    return packaged if packaged.is_dir() else _CHECKOUT
