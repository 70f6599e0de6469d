"""What was meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 100  # characters; looking for similar words takes longer the longer the word
USUAL = 0.6  # of difflib's ratio
CLOSE = 0.7  # `adress` and `adresss` for `address`, but nothing for `cpu`


def nearest(word: str, known: Iterable[str], similar: float = USUAL) -> str:
    """The known word that is most like this one, in whatever case; "" where none is like it."""
    from difflib import get_close_matches  # takes time that most runs do not need

    folded = {one.casefold(): one for one in known}
    near = get_close_matches(word.casefold(), folded, 1, similar) if len(word) <= LONGEST else []
    return folded[near[0]] if near else ""
