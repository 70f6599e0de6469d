"""A file that a mode writes beside the config."""

from __future__ import annotations

from typing import NamedTuple

# In the first lines of every artifact. A file without it never counts as kkplan's own, even if SHA256SUMS lists it.
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
