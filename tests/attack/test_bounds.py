"""Files made to take all memory or time: each has a defined answer, within 1 GiB. No time is asserted."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ENDPOINT = '  controlPlaneEndpoint:\n    domain: x\n    address: ""\n    port: 6443\n'
CONFIG = f"kind: Cluster\nspec:\n  hosts: []\n{ENDPOINT}"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
)
DEEP = "nested more than 100 levels"
LIMIT = 1 << 30


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """kkplan with at most 1 GiB of memory: its exit code and all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "kkplan", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONWARNINGS": "error"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
    )
    assert "bug in kkplan" not in done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def refused(folder: Path, data: str | bytes, words: str, *arguments: str) -> None:
    (folder / "c.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    code, said = run(folder, *(arguments or ("plan", "c.yaml", "--mode", "internal-haproxy")))
    assert code == 1, said[-500:]
    assert words in said, said[-500:]


def planned(folder: Path, text: str) -> None:
    """Read whole: the plan is shown, and what is wrong with it is that there are no role groups."""
    refused(folder, text, "+    internalLoadbalancer: haproxy")
    refused(folder, text, "KK317", "check", "c.yaml")
    assert run(folder, "show", "c.yaml")[0] == 0


def test_an_alias_bomb_in_another_key(tmp_path: Path) -> None:
    planned(tmp_path, BOMB + CONFIG)


def test_an_alias_bomb_in_the_cluster(tmp_path: Path) -> None:
    planned(tmp_path, BOMB + CONFIG.replace("hosts: []", "hosts: *a39\n  roleGroups: *a39\n  system: {password: *a39}"))


@pytest.mark.parametrize("key", ["address", "lb"])
def test_an_alias_bomb_among_the_answers(key: str, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text(f"{BOMB}{key}: *a39\n")
    refused(tmp_path, CONFIG, "aliases (*…) are not allowed", "plan", "c.yaml", "--answers", "answers")


@pytest.mark.parametrize(
    "line", ["." * 1_000_000, "a:" * 300_000, "!a" * 300_000, "a:" * 300_000 + "@h", "pw: " * 200_000]
)
def test_a_comment_that_looks_like_secrets_all_over(line: str, tmp_path: Path) -> None:
    """The masks look at each character a bounded number of times."""
    planned(tmp_path, CONFIG.replace("    domain", f"    # {line}\n    domain"))


@pytest.mark.parametrize("levels", [10_000, 100_000])
def test_a_saved_plan_with_a_bomb(levels: int, tmp_path: Path) -> None:
    """JSON has no aliases; what is left is depth."""
    (tmp_path / "plan.json").write_text('{"kkplan": "0.1.0", "version": 1, "x": ' + "[" * levels + "]" * levels + "}")
    refused(tmp_path, CONFIG, "plan.json", "apply", "plan.json", "--yes")


@pytest.mark.parametrize("levels", [10_000, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_many_nested_levels(opening: str, levels: int, tmp_path: Path) -> None:
    refused(tmp_path, f"{CONFIG}  addons:\n    {opening * levels}", DEEP)


def test_many_nested_levels_in_block_style(tmp_path: Path) -> None:
    """5,000 levels are 12 MB of blanks; of 10,000 and more the size is refused."""
    deep = "".join(f"{' ' * level}a:\n" for level in range(3, 5_000))
    refused(tmp_path, f"{CONFIG}  addons:\n{deep}", DEEP)
    refused(tmp_path, "".join(f"{' ' * level}a:\n" for level in range(10_000)), "larger than 32 MiB")


def test_a_file_of_100_megabytes(tmp_path: Path) -> None:
    refused(tmp_path, b"# a comment\n" * 9_000_000, "larger than 32 MiB")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (CONFIG.encode() + b"\0", "NUL bytes"),
        (CONFIG.encode("utf-16"), "UTF-16"),
        (CONFIG.encode("utf-16-le"), "NUL bytes"),
        (CONFIG.encode() + b"# \xff\n", "c.yaml:8: not UTF-8"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, words: str, tmp_path: Path) -> None:
    refused(tmp_path, data, words)


def test_lone_carriage_returns(tmp_path: Path) -> None:
    refused(tmp_path, CONFIG.replace("\n", "\r"), "c.yaml:1: a line separator (U+000D)")


def test_mixed_line_ends(tmp_path: Path) -> None:
    planned(tmp_path, CONFIG.replace("spec:\n", "spec:\r\n"))


def test_duplicate_keys(tmp_path: Path) -> None:
    refused(tmp_path, CONFIG + "    Port: 1\n", "c.yaml:8: duplicate key Port, already on line 7")


def test_an_anchor_in_the_block_that_is_used_elsewhere(tmp_path: Path) -> None:
    shared = CONFIG.replace('address: ""', "address: &a 10.0.0.9") + "  other: *a\n"
    refused(tmp_path, shared, "the anchor &a is used elsewhere")


def test_a_merge_key_that_brings_the_block(tmp_path: Path) -> None:
    """A block of its own would take the place of the merged one, with all that one holds."""
    merged = "b: &b {controlPlaneEndpoint: {domain: q, port: 8443}}\n" + CONFIG.replace(ENDPOINT, "  <<: *b\n")
    refused(tmp_path, merged, "merge key")


def test_tags(tmp_path: Path) -> None:
    planned(tmp_path, CONFIG.replace("port: 6443", "port: !!int 6443").replace("domain: x", "domain: !!str x"))


@pytest.mark.parametrize("number", ["9" * 100_000, "0x" + "f" * 100_000, "1e" + "9" * 100_000, ".inf", ".nan"])
def test_a_port_that_is_no_port(number: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG.replace("port: 6443", f"port: {number}"))
    for command in (("plan", "c.yaml", "--mode", "internal-haproxy"), ("check", "c.yaml")):
        code, said = run(tmp_path, *command)
        assert (code, "KK112" in said) == (1, True), said[-500:]


def test_an_endless_line_of_secret_words(tmp_path: Path) -> None:
    planned(tmp_path, f"{CONFIG}# {'password ' * 100_000}\n")
