"""A place where a Cluster is not as KubeKey's types want it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kkplan.locale import Text

# Keys as the file spells them, and positions in lists from 0: `("spec", "hosts", 0, "adress")`.
Path = tuple[str | int, ...]


class Kind(Enum):
    """What is wrong, by what KubeKey does about it."""

    UNKNOWN_KEY = "unknown-key"  # dropped without a word
    LATER_KEY = "later-key"  # v1alpha2 knows it, the document says v1alpha1: KubeKey 1 drops it
    OUTDATED_KEY = "outdated-key"  # an older KubeKey read it, v3.1.8 drops it
    WRONG_TYPE = "wrong-type"  # kk stops: "Failed to unmarshal configuration"
    EMPTY_ITEM = "empty-item"  # read as an empty text or mapping
    UNKNOWN_VALUE = "unknown-value"  # read, and then taken for something else or for nothing
    OUT_OF_RANGE = "out-of-range"  # read, and then wrong
    WRONG_FORM = "wrong-form"  # a text that KubeKey reads as nothing
    MISSING_KEY = "missing-key"  # without it there is nothing to install, or kk panics


class Violation(NamedTuple):
    """One violation. Holds nothing of a secret.

    Attributes:
        path: where.
        start: where the key or the value that is wrong starts in the document's text.
        end: where it ends; a mapping or list counts as its first line.
        line: the line of `start`, from 1.
        column: its column, in characters from 1.
        expected: KubeKey's spelling of the key that was meant, "" where none is near.
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
        """The path as one writes it: `spec.hosts[0].adress`."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """`spec.hosts[0].name`; "" for the top of the document."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
