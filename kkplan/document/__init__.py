"""A YAML file as bytes: decode it, parse it, find a place, splice an edit, show the difference.

Independent of KubeKey. Nothing is ever dumped: an edit replaces only the characters between two source marks.
"""

from __future__ import annotations

from kkplan.errors import KkplanError


class DocumentError(KkplanError):
    """The file cannot be read as YAML, or an edit would not be exact. Never contains text of the file."""
