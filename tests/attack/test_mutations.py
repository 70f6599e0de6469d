"""Some thousands of inputs made of the fixtures, the same ones each time; `make fuzz` tries more."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.attack.judge import WAYS, judge
from tests.attack.made_up import made_up
from tests.attack.mutation import mutated, seeds
from tests.attack.saved_plan_judge import judge_saved_plan, mutated_plan

pytestmark = pytest.mark.thorough

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


@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")  # YAML allows it
@pytest.mark.parametrize("piece", range(4))
def test_made_up_configs_are_refused_or_edited_rightly(piece: int) -> None:
    """With every trivia that YAML allows; most of them are edited."""
    outcomes: Counter[str] = Counter()
    for number in range(INPUTS // 4):
        chance = random.Random(piece * INPUTS + number)
        outcomes[judge(made_up(chance), WAYS[number % len(WAYS)], whole=number % 8 == 0)] += 1
    assert outcomes["edited"] > INPUTS // 8


def test_mutated_saved_plans_are_refused_or_say_what_kkplan_does() -> None:
    outcomes = Counter(judge_saved_plan(mutated_plan(random.Random(number))) for number in range(INPUTS // 8))
    assert set(outcomes) == {"refused", "accepted"}
