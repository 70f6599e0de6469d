"""A file that a mode asks to be written beside the config."""

from __future__ import annotations

from typing import NamedTuple

# In the first lines of every artifact. Without it, a file is never taken for kkplan's own, whatever a list says.
MARK = "Made by kkplan"


class Artifact(NamedTuple):
    """One file of the bundle.

    Attributes:
        path: where it goes below the output folder, with `/` between names.
        content: the whole text, with `\\n` line ends.
        mode: the permission bits; 0o600 for a file that holds a secret.
    """

    path: str
    content: str
    mode: int = 0o644
