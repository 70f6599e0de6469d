"""What tests share: the program as a user runs it, and the fixtures as files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kkplan.locale import use_language
from kkplan.plan.installation import Installation
from tests.starts import Starts, fits

# nohup, a shell's background jobs and some CI systems start programs with these ignored, and a child inherits that.
for ignored, action in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, action)

ROOT = Path(__file__).parents[1]
PATTERNS = ROOT / "tests" / "fixtures" / "patterns"
SAMPLES = ROOT / "samples"

# What KubeKey 3 says of a config, for pairs that are made without one.
INSTALLATION = Installation(
    "config-sample.yaml",
    "config-sample.yaml",
    "kk create cluster -f config-sample.yaml",
    "spec.controlPlaneEndpoint",
    lambda wanted: {"domain": wanted.domain, "address": f'"{wanted.address}"', "port": str(wanted.port)},
)

Kkplan = Callable[..., "subprocess.CompletedProcess[bytes]"]

_ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONWARNINGS": "error"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked `sampled(N)`, `make test` runs every N-th set of values, `make test-all` the others."""
    seen: Counter[str] = Counter()
    for item in items:
        sampled = item.get_closest_marker("sampled")
        if sampled is None:
            continue
        name = item.nodeid.partition("[")[0]
        if seen[name] % sampled.args[0]:
            item.add_marker(pytest.mark.thorough)
        seen[name] += 1


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English, and so do the programs it starts, whatever the one before it has spoken."""
    use_language("en")


@pytest.fixture(scope="session")
def starts() -> Iterator[Starts]:
    """Starts kkplan many times."""
    forking = Starts(_ENVIRONMENT)
    yield forking
    forking.end()


@pytest.fixture
def kkplan(tmp_path: Path, starts: Starts) -> Kkplan:
    """Run kkplan in an empty folder, in English, not at a terminal."""

    def run(
        *arguments: str, stdin: bytes = b"", cwd: Path = tmp_path, **environ: str
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {**_ENVIRONMENT, "HOME": str(tmp_path), **environ}
        if not environ and fits(arguments):
            return starts.run(arguments, stdin, cwd, environment)
        return subprocess.run(
            [sys.executable, "-m", "kkplan", *arguments],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env=environment,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the keepalived sample."""
    copy = tmp_path / "config-sample.yaml"
    copy.write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    return copy
