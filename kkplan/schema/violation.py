"""A place where a Cluster does not match KubeKey's types."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kkplan.locale import Text

# Keys as the file spells them, and positions in lists from 0: `("spec", "hosts", 0, "adress")`.
Path = tuple[str | int, ...]


class Kind(Enum):
    """Kind of a violation, by KubeKey's reaction."""

    UNKNOWN_KEY = "unknown-key"  # silently ignored
    LATER_KEY = "later-key"  # a key of v1alpha2 in a document of v1alpha1: KubeKey 1 ignores it
    OUTDATED_KEY = "outdated-key"  # a key of an older KubeKey, ignored by v3.1.8
    WRONG_TYPE = "wrong-type"  # kk stops: "Failed to unmarshal configuration"
    EMPTY_ITEM = "empty-item"  # read as an empty string or mapping
    UNKNOWN_VALUE = "unknown-value"  # accepted, then treated as another value or as empty
    OUT_OF_RANGE = "out-of-range"  # accepted, but out of range
    WRONG_FORM = "wrong-form"  # a string that KubeKey treats as empty
    MISSING_KEY = "missing-key"  # nothing to install without it, or kk panics


class Violation(NamedTuple):
    """One violation, without any part of a secret.

    Attributes:
        path: where.
        start: offset in the text where the wrong key or value starts.
        end: offset where it ends; for a mapping or list, the end of its first line.
        line: the line of `start`, from 1.
        column: its column, in characters from 1.
        expected: a similar key in KubeKey's spelling; "" if none is similar.
    """

    kind: Kind
    path: Path
    start: int
    end: int
    line: int
    column: int
    message: Text
    advice: Text
    expected: str = ""

    @property
    def dotted(self) -> str:
        """The path in dotted form: `spec.hosts[0].adress`."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """`spec.hosts[0].name`; "" for the top of the document."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
