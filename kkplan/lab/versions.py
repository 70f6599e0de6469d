"""What a lab runs: the versions of HAProxy, Keepalived and the kernel, for the record."""

from __future__ import annotations

import os
import re
import subprocess
from typing import NamedTuple

from kkplan.lab.machine import minimal_environment

_VERSION = re.compile(r"(?:HAProxy|HA-Proxy) version (\S+)|Keepalived v(\S+)")


class Versions(NamedTuple):
    """As each program says it; "" where it does not."""

    haproxy: str
    keepalived: str
    kernel: str


def versions_here() -> Versions:
    """Those of this machine."""
    return Versions(_version("haproxy"), _version("keepalived"), os.uname().release)


def _version(program: str) -> str:
    # Keepalived writes it to standard error.
    ran = subprocess.run(
        [program, "-v"], capture_output=True, text=True, errors="replace", env=minimal_environment(), check=False
    )
    found = _VERSION.search(ran.stdout + ran.stderr)
    return next(filter(None, found.groups()), "") if found else ""
