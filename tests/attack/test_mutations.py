"""Some thousands of inputs made of the fixtures, the same ones each time; `make fuzz` tries more."""

from __future__ import annotations

import random

import pytest

from tests.attack.judge import WAYS, judge
from tests.attack.mutation import mutated, seeds

INPUTS = 4000


@pytest.mark.parametrize("piece", range(4))
def test_mutated_fixtures_are_refused_or_edited_rightly(piece: int) -> None:
    chance = random.Random(piece)
    everything = seeds()
    outcomes = set()
    for number in range(INPUTS // 4):
        data = mutated(chance.choice(everything), everything, chance)
        outcomes.add(judge(data, WAYS[number % len(WAYS)], whole=number % 4 == 0))
    assert outcomes >= {"refused", "edited"}
