"""The editor under a coverage-guided fuzzer (atheris): `make fuzz`.

    python -m tests.attack.fuzz CORPUS_FOLDER [-runs=N] [other options of libFuzzer]

The first byte chooses the mode, and a quarter of its values the reports too; 255 is a saved plan. KKPLAN_YAML=pure tries
the pure parser alone. An input may take 20 seconds and 1 GiB.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["kkplan.document", "kkplan.cluster", "kkplan.use"]):
    from tests.attack.judge import WAYS, judge
from tests.attack.made_up import made_up
from tests.attack.mutation import mutated, seeds
from tests.attack.saved_plan_judge import judge_saved_plan, mutated_plan

_SEEDS = seeds()
_COUNTS: Counter[str] = Counter()
_WHOLE = 192  # first bytes from here on ask for the reports too
_SAVED_PLAN = 255
_LIMITS = ("-max_len=65536", "-timeout=20", "-rss_limit_mb=1024")


def one_input(data: bytes) -> None:
    """Judge one input."""
    if data:
        _COUNTS[_outcome(data[0], data[1:])] += 1
        total = sum(_COUNTS.values())
        if total % 10_000 == 0:
            print(total, dict(_COUNTS), flush=True)


def _outcome(first: int, data: bytes) -> str:
    if first == _SAVED_PLAN:
        return f"plan {judge_saved_plan(data)}"
    return judge(data, WAYS[first % len(WAYS)], whole=first >= _WHOLE)


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Most changes know YAML, and many begin with a config that is whole: else nearly all inputs would be refused."""
    chance = random.Random(seed)
    kind = chance.random()
    first = bytes([chance.randrange(_SAVED_PLAN)])
    if kind < 0.1 or len(data) < 2:
        return bytes(atheris.Mutate(data, longest))
    if kind < 0.15:
        return (bytes([_SAVED_PLAN]) + mutated_plan(chance))[:longest]
    if kind < 0.4:
        return (first + made_up(chance))[:longest]
    base = made_up(chance) if kind < 0.5 else chance.choice(_SEEDS) if kind < 0.7 else data[1:]
    return (first + mutated(base, _SEEDS, chance))[:longest]


def main() -> None:
    """Seed the corpus and start."""
    corpus = Path(next(argument for argument in sys.argv[1:] if not argument.startswith("-")))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_SEEDS):
        (corpus / f"seed-{number}").write_bytes(bytes([number % 256]) + seed)
    options: Any = [*sys.argv, *_LIMITS]
    atheris.Setup(options, one_input, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
