"""Inputs made of seeds: pieces of YAML put in, taken out, doubled and crossed. The same seed gives the same inputs."""

from __future__ import annotations

import random
from pathlib import Path

from tests.conftest import PATTERNS, SAMPLES

PIECES = tuple(
    piece.encode()
    for piece in (
        "#", " #", ": ", ":", "- ", "\n", "\r\n", "\r", "\t", " ", "  ", "\n\n", "{", "}", "[", "]", ", ", ",", "'", '"', "|", ">", "|-\n", ">+\n",
        "&a ", "*a", "<<: *a", "<<: [*a, *a]", "!!str ", "!!int ", "!x ", "? ", "%YAML 1.1\n", "---\n", "...\n", "\ufeff", "\u2028", "\x85", "~",
        "null", "0x1", "1_0", "1e3", ".inf", ".nan", "yes", "0o7", "09", "spec:", "controlPlaneEndpoint:", "controlPlaneEndpoint: &a\n",
        "ControlPlaneEndpoint: {}\n", "    domain: x\n", "    address: ''\n", "    port: 6443\n", "    internalLoadbalancer: haproxy\n",
        "    # internalLoadbalancer: haproxy\n", "    externalDNS: true\n", "kind: Cluster\n", "kind: Other\n", "\\", "\\\n", "中", "\x7f", "@", "`",
        "    kubevip:\n      mode: ARP\n", "{domain: x, port: 1}", '{"address": ""}', "hosts:", "kubernetes:", '"a', "'a\n  b'", "  # c\n", "#\n",
    )
)  # fmt: skip
LONGEST = 900


def seeds() -> list[bytes]:
    """The configs of the fixtures and the samples, shortened: what is far from the block adds nothing."""
    files = sorted((*PATTERNS.glob("*/config.yaml"), *SAMPLES.glob("*/config-sample.yaml")))
    return [short(path) for path in files]


def short(path: Path) -> bytes:
    """The file, without the middle where it is long."""
    data = path.read_bytes()
    at = data.find(b"controlPlaneEndpoint")
    if len(data) <= LONGEST or at < 0:
        return data[:LONGEST]
    head = b"kind: Cluster\nspec:\n  hosts: []\n"
    start = data.rfind(b"\n", 0, at) + 1
    return head + data[start : start + LONGEST - len(head)]


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The data with one to four changes, most of them near the block."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        data = _changed(data, others, chance)
    return data[: 2 * LONGEST]


def _changed(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    block = data.find(b"controlPlaneEndpoint")
    near = block >= 0 and chance.random() < 0.75
    low, high = (max(0, block - 20), min(len(data), block + 300)) if near else (0, len(data))
    start = chance.randint(low, high)
    end = min(len(data), start + chance.choice((0, 0, 1, 1, 2, 4, 20)))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:start] + data[end + 1 :]
    if kind == 1:
        return data[:start] + bytes([chance.randrange(256)]) + data[end:]
    if kind == 2:
        other = chance.choice(others)
        at = chance.randint(0, len(other))
        return data[:start] + other[at : at + chance.randint(1, 60)] + data[end:]
    if kind == 3:
        line = data[start : data.find(b"\n", start) + 1 or len(data)]
        return data[:start] + line + data[start:]
    return data[:start] + chance.choice(PIECES) + data[end:]
