"""A plan of the keepalived sample with a rehearsal and a verification, and the page that is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Kkplan

WAY = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2,nic=eth0", "--lb", "lb2=172.16.0.3,nic=eth0")  # fmt: skip
FIXTURE = ROOT / "tests" / "fixtures" / "review" / "rehearsal.json"

Review = Callable[..., str]


def rehearsal_of(plan: Path) -> dict[str, Any]:
    """What was recorded of a real rehearsal, as if it had run the plan's files."""
    files = json.loads(plan.read_text())["files"]
    data: dict[str, Any] = json.loads(FIXTURE.read_text())
    data["files"] = [
        {"path": file["path"], "sha256": sha256(file["content"].encode()).hexdigest()}
        for file in files
        if file["path"].startswith("lb")
    ]
    return data


def verification_of(plan: Path) -> dict[str, Any]:
    """A verification with each outcome, and a watch with an outage."""
    site = json.loads(plan.read_text())["site"]
    seen = [
        ("ok", "172.16.0.2:6443", "lb1: the port accepts connections (TCP)", None),
        ("warning", "172.16.0.4:6443", "master1: a program already listens on the port",
         "If a cluster is installed there, use --after-install. Otherwise find the program: ss -ltnp"),
        ("failed", "172.16.0.3:6443", "lb2: nobody knows <b>why</b>", None),
    ]  # fmt: skip
    return {
        "version": 1,
        "kkplan": "1.0.0",
        "ended": "2026-11-27T09:30:00.123+08:00",
        "endpoint": {key: site[key] for key in ("address", "domain", "port")},
        "ok": False,
        "checks": [
            {"name": "x", "seen": [dict(zip(("outcome", "target", "what", "advice"), it, strict=True)) for it in seen]}
        ],
        "watch": {
            "began": "2026-11-27T09:31:00.000+08:00",
            "seconds": 60.0,
            "asked": "port",
            "probes": 300,
            "failed": 4,
            "answerSeconds": {"p50": 0.001, "p99": 0.003, "longest": 0.21},
            "outages": [
                {
                    "from": "2026-11-27T09:31:10.000+08:00",
                    "to": "2026-11-27T09:31:10.900+08:00",
                    "began": 10.0,
                    "seconds": 0.9,
                    "failed": 4,
                    "ended": True,
                }
            ],
        },
    }


@pytest.fixture
def plan(kkplan: Kkplan, config: Path) -> Path:
    """The saved plan, ha.plan beside the config."""
    done = kkplan("plan", config.name, *WAY, "--out", "ha.plan")
    assert done.returncode == 0, done.stderr
    saved = config.with_name("ha.plan")
    config.with_name("rehearsal.json").write_text(json.dumps(rehearsal_of(saved)))
    config.with_name("verification.json").write_text(json.dumps(verification_of(saved)))
    return saved


@pytest.fixture
def page(kkplan: Kkplan, plan: Path) -> Review:
    """Make the page with these options and return it."""

    def make(*options: str) -> str:
        out = plan.with_name("review.html")
        out.unlink(missing_ok=True)
        reports = ("--rehearsal", "rehearsal.json", "--verification", "verification.json")
        done = kkplan("review", plan.name, *reports, "--out", out.name, *options)
        assert done.returncode == 0, done.stderr
        return out.read_text(encoding="utf-8")

    return make
