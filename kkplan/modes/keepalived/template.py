"""The templates of this mode."""

from __future__ import annotations

from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "templates"


class ScriptTemplate(Template):
    """A template for shell scripts, which use `$` themselves: `@@name` is a placeholder."""

    delimiter = "@@"


def template(name: str) -> str:
    """The text of the template with that path below templates/."""
    return (_FOLDER / name).read_text(encoding="utf-8")
