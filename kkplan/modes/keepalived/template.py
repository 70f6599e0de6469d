"""The templates of this mode, read through the loader: kkplan may run from an archive."""

from __future__ import annotations

from importlib.resources import files
from string import Template


class ScriptTemplate(Template):
    """A template for shell scripts, which use `$` themselves: `@@name` is a placeholder."""

    delimiter = "@@"


def template(name: str) -> str:
    """The text of the template with that path below templates/."""
    return files(__package__).joinpath("templates").joinpath(name).read_text(encoding="utf-8")
