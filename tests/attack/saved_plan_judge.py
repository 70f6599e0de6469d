"""What must hold for every saved plan: it is refused with a KkplanError, or it says exactly what kkplan would do."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kkplan.disk.config_file import ConfigFile
from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.plan.plan import Plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.plan_data import plan_data
from kkplan.use.read import Reading, read
from kkplan.use.saved_plan import looks_like_plan, mode_of, read_saved_plan, refuse_different, refuse_stale
from tests.attack.judge import WAYS
from tests.conftest import SAMPLES

_FILE = Path("/nonexistent/site.kkplan.json")
_OUTPUT_DIR = "/nonexistent/kkplan-out"
_ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**400, 1e308, "", "\ud800", "\x00", "../..", "/etc", "x" * 5000, "$(id)", "10.0.0.1", [], [[]], {}, {"": {}},
    "\u202e", ["lb1=10.9.8.1,nic=eth0"] * 40, "keepalived", "fd00::1%eth0", "\x1b[2J",
)  # fmt: skip


def judge_saved_plan(data: bytes) -> str:
    """Read a saved plan, derive it again and compare, as `kkplan apply PLANFILE` does: "refused" or "accepted".

    Raises:
        AssertionError: a plan was accepted that says something else.
        Exception: any other than KkplanError is a bug too.
    """
    try:
        if not looks_like_plan(data):
            return "refused"
        saved = read_saved_plan(_FILE, data)
        _ = saved.site
        plan = _planned(mode_of(saved).name, saved.answers)
        derived = plan_data(plan)
        refuse_stale(saved, plan)
        refuse_different(saved, derived)
    except KkplanError:
        return "refused"
    assert saved.data["edits"] == derived["edits"], "edits that kkplan would not make were accepted"
    contents = [{row["path"]: row["content"] for row in rows} for rows in (saved.data["files"], derived["files"])]
    assert contents[0] == contents[1], "files that kkplan would not write were accepted"
    return "accepted"


@cache
def _reading() -> Reading:
    return read(ConfigFile("c.yaml", (SAMPLES / "keepalived" / "config-sample.yaml").read_bytes()))


def _planned(mode: str, answers: Any) -> Plan:
    return make_plan(_reading(), Request(mode_named(mode), answers, output_dir=_OUTPUT_DIR))


@cache
def plan_seeds() -> tuple[bytes, ...]:
    """A plan of each way to be highly available."""
    plans = (plan_data(_planned(mode, answers)) for mode, answers in WAYS)
    return tuple(json.dumps(plan, ensure_ascii=False, indent=2).encode() for plan in plans)


def mutated_plan(chance: random.Random) -> bytes:
    """A plan with one to three of its values changed, removed or doubled; the same chance makes the same plan."""
    content = json.loads(chance.choice(plan_seeds()))
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        holder, key = chance.choice(list(_places(content)))
        kind = chance.randrange(4)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == 2 and isinstance(holder, dict):
            holder[chance.choice(("x", "mode", "\ud800", "action"))] = copy.deepcopy(holder[key])
        else:
            holder[key] = copy.deepcopy(chance.choice(_ODD_VALUES))
    data = json.dumps(content).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(data))
        data = data[:at] + bytes([chance.randrange(256)]) + data[at + chance.randrange(3) :]
    return data


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in the data where a value is: what holds it, and its key or index."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(rows):
        yield value, key
        yield from _places(inner)
