"""What key was meant by one that KubeKey does not know."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kkplan.nearest import CLOSE, nearest
from kkplan.schema.shape import Shape
from kkplan.schema.violation import dotted

MAX_PLACES = 3
_ANY_KEY = "*"  # in a mapping whose keys are the user's own, such as the addresses in registry.auths


@cache
def near_key(name: str, shape: Shape) -> str:
    """The known key that looks most like the name, as KubeKey spells it; "" where none does."""
    return nearest(name, (key for key, _ in shape.keys.values()), CLOSE)


def places_of(name: str, shape: Shape) -> tuple[str, ...]:
    """Up to three places below the shape where a key of that name belongs, dotted; the least deep first."""
    return _index(shape).get(shape.fold(name), ())[:MAX_PLACES]


@cache
def _index(shape: Shape) -> dict[str, tuple[str, ...]]:
    places: dict[str, tuple[str, ...]] = {}
    for key, place in sorted(_keys(shape, ()), key=lambda pair: len(pair[1])):
        places[key] = (*places.get(key, ()), dotted(place))
    return places


def _keys(shape: Shape, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for folded, (name, inner) in shape.keys.items():
        if not inner.outdated:
            yield folded, path
            yield from _keys(inner, (*path, name))
    if shape.rest is not None and path:
        yield from _keys(shape.rest, (*path, _ANY_KEY))
    if shape.items is not None:
        yield from _keys(shape.items, (*path[:-1], f"{path[-1]}[]") if path else path)
