"""Odd files, folders, streams, arguments and environments: a message and the right exit code, never a trace."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SAMPLES, Kkplan

PAIR = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
HAPROXY = ("--mode", "internal-haproxy")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 40 << 30)


SETTINGS: dict[str, tuple[bytes | Callable[[Path], None], str]] = {
    "nested arrays": (b"x = " + b"[" * 20_000, "nested too deeply"),
    "nested tables": (b"x = " + b"{a=" * 5_000, "nested too deeply"),
    "5,000 digits": (b"x = " + b"9" * 5_000, "invalid number or date"),
    "hexadecimal digits": (b"x = 0x" + b"f" * 5_000, "unknown setting x"),
    "an odd date": (b"x = 2024-02-30", "not valid TOML"),
    "the year 0": (b"x = 0000-01-01T00:00:00Z", "not valid TOML"),
    "NUL": (b"[check]\0", "not valid TOML"),
    "no UTF-8": (b"# \xff", "not UTF-8"),
    "UTF-16": ("[check]".encode("utf-16"), "not UTF-8"),
    "large": (b"#" * 300_000, "larger than the limit of 256 KiB"),
    "sparse": (sparse, "larger than the limit of 256 KiB"),
    "folder": (Path.mkdir, "not a regular file"),
    "pipe": (fifo, "not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
    "link to nothing": (lambda path: path.symlink_to("gone"), "broken symbolic link"),
    "loop": (lambda path: path.symlink_to(path.name), "Too many levels of symbolic links"),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_odd_settings(kind: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    made, words = SETTINGS[kind]
    file = tmp_path / ".kkplan.toml"
    file.write_bytes(made) if isinstance(made, bytes) else made(file)
    done = kkplan("check", config.name)
    assert (done.returncode, words in done.stderr.decode()) == (1, True), done.stderr
    assert b".kkplan.toml: " in done.stderr
    assert b"bug" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check", "{}"), ("check", "--skip-others", "{}"), ("show", "{}"), ("verify", "{}"), ("rehearse", "{}"),
        ("restore", "{}", "--yes"), ("restore", "config-sample.yaml", "--to", "{}", "--yes"),
        ("plan", "{}", *HAPROXY), ("apply", "{}", *HAPROXY, "--yes"),
        ("plan", "config-sample.yaml", *PAIR, "--out", "{}"),
        ("plan", "config-sample.yaml", *PAIR, "--output-dir", "{}"),
        ("plan", "config-sample.yaml", "--answers", "{}"),
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["x" * 300, "config-sample.yaml/x", "loop/x", "pipe", "/dev/full", "loop", "x\udcff/y"]
)
def test_paths_that_lead_nowhere(path: str, words: tuple[str, ...], config: Path, tmp_path: Path) -> None:
    from kkplan.cli.main import run  # in this process: there are many

    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = config.read_bytes()
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        code = run([word.format(path) for word in words])
    finally:
        os.chdir(here)
    assert code == 1 or (code == 0 and "--output-dir" in words)
    assert config.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"loop", "pipe", config.name}


@pytest.fixture(autouse=True)
def no_bug_is_reported(capfd: pytest.CaptureFixture[str]) -> object:
    yield
    said = "".join(capfd.readouterr())
    assert "bug in kkplan" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        "plan c.yaml -m internal-haproxy", "plan - -m internal-haproxy", "check c.yaml", "check .", "check -", "show c.yaml",
        "apply c.yaml -m internal-haproxy --yes", "verify c.yaml", "rehearse", "explain KK101", "schema", "completion bash",
        "plan /config.yaml -m keepalived --address 172.16.0.10/24 --lb a=172.16.0.2 --lb b=172.16.0.3 --out ha.plan",
        "check --fix /config.yaml",
    ],
)  # fmt: skip
def test_a_current_folder_that_is_gone(words: str, config: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    words = words.replace("/config.yaml", str(config))
    done = subprocess.run(
        ["/bin/sh", "-c", f"cd {gone} && rmdir {gone} && exec {sys.executable} -P -m kkplan {words}"]
        if sys.version_info >= (3, 11)
        else ["/bin/sh", "-c", f"cd {gone} && rmdir {gone} && exec {sys.executable} -m kkplan {words}"],
        input=config.read_bytes(),
        capture_output=True,
        check=False,
        timeout=60,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )
    assert done.returncode in (0, 1), done.stderr
    assert b"bug in kkplan" not in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0 or done.stderr or done.stdout


@pytest.mark.parametrize("name", ["outputDir", "path", "answer", "mode", "NUL", "name"])
def test_unpaired_surrogates_in_a_saved_plan(name: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    assert kkplan("plan", config.name, *PAIR, "--out", "ha.plan").returncode == 0
    saved = json.loads((tmp_path / "ha.plan").read_bytes())
    if name == "path":
        saved["config"]["path"] = "\ud800"
    elif name == "answer":
        saved["answers"]["address"] = "\udfff"
    elif name == "name":
        saved["site"]["controlPlanes"][0]["name"] = "\ud800"
    else:
        saved["outputDir" if name == "NUL" else name] = "a\0b" if name == "NUL" else "\ud800"
    (tmp_path / "ha.plan").write_text(json.dumps(saved))
    for command in (("apply", "ha.plan", "--yes"), ("verify", "ha.plan"), ("rehearse", "ha.plan")):
        done = kkplan(*command)
        assert (done.returncode, b"ha.plan: " in done.stderr) == (1, True), done.stderr
        assert b"bug" not in done.stderr


@pytest.mark.parametrize("parser", ["", "pure"])
def test_unpaired_surrogates_in_yaml(parser: str, kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text() + 'x: "\\ud800"\n')
    (tmp_path / "answers.yaml").write_text('mode: cloud-lb\naddress: "\\udfff"\n')
    for command in (("show", config.name), ("plan", config.name, *HAPROXY), ("plan", "x", "--answers", "answers.yaml")):
        done = kkplan(*command, KKPLAN_YAML=parser)
        assert (done.returncode, b"unpaired surrogate" in done.stderr) == (1, True), done.stderr


def test_more_lb_servers_than_anyone_has(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    """By option, in answers, in a saved plan: refused before anything is made of them."""
    servers = [f"lb{number}=10.0.{number // 250}.{number % 250 + 1}" for number in range(3_000)]
    flags = [word for server in servers for word in ("--lb", server)]
    (tmp_path / "a.yaml").write_text("lb:\n" + "".join(f"- {server}\n" for server in servers))
    assert kkplan("plan", config.name, *PAIR, "--out", "ha.plan").returncode == 0
    saved = json.loads((tmp_path / "ha.plan").read_bytes())
    saved["answers"]["lb"] = servers
    (tmp_path / "ha.plan").write_text(json.dumps(saved))
    for words, code in (
        (("plan", config.name, "--mode", "keepalived", "--address", "10.0.0.250/16", *flags), 64),
        (("plan", config.name, "--mode", "keepalived", "--address", "10.0.0.250/16", "--answers", "a.yaml"), 1),
        (("apply", "ha.plan", "--yes"), 1),
    ):
        done = kkplan(*words)
        assert (done.returncode, b"3000 values given; at most 16" in done.stderr) == (code, True), done.stderr


@pytest.mark.thorough
# The pure parser takes twenty times as long: it gets a ninth, which is beyond its limits too.
@pytest.mark.parametrize(("parser", "share"), [("", 1), ("pure", 9)], ids=["libyaml", "pure"])
@pytest.mark.parametrize(
    ("before", "piece", "count"), [("[", "a,", 14_000_000), ("", "a", 20_000_000)], ids=["flow list", "scalar"]
)
def test_large_files_in_little_memory(
    before: str, piece: str, count: int, parser: str, share: int, config: Path, tmp_path: Path
) -> None:
    extra = f"  x: {before}{piece * (count // share)}\n"
    with config.open("a") as file:
        file.write(extra)
    done = subprocess.run(
        [sys.executable, "-m", "kkplan", "check", config.name],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=500,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "KKPLAN_YAML": parser},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    assert b"bug in kkplan" not in done.stderr
    assert done.stdout or done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--help >/dev/full", 1), ("plan --help >/dev/full", 1), ("--version >/dev/full", 1), ("schema >/dev/full", 1),
        ("explain >/dev/full", 1), ("completion bash >/dev/full", 1), ("show config-sample.yaml >/dev/full", 1),
        ("plan --foo 2>/dev/full", 64), ("frob 2>&-", 64), ("plan --foo >/dev/full 2>/dev/full", 64),
        ("show gone.yaml 2>/dev/full", 1), ("schema | true", 141), ("--help >&-", 1), ("check gone.yaml 2>/dev/full", 1),
    ],
)  # fmt: skip
def test_full_and_closed_streams(words: str, code: int, config: Path, tmp_path: Path) -> None:
    words, _, reader = words.partition(" | ")
    pipe = f" | {reader}" if reader else ""
    # `true` may be gone before or after kkplan writes: its end is waited for.
    command = f"(sleep 0.2; exec {sys.executable} -W error -m kkplan {words}){pipe}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, cwd=tmp_path, check=False, timeout=60)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"COLUMNS": "0"}, {"COLUMNS": "99999999"}, {"COLUMNS": "-5"}, {"COLUMNS": "x"}, {"TERM": "nothing-known"},
        {"TERM": ""}, {"LC_ALL": "C"}, {"LC_ALL": "xx_XX.nothing"}, {"LANG": "\udcff"}, {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1:strict"}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"TZ": "Nowhere/None"},
        {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TMPDIR": "/nonexistent"},
    ],
    ids=str,
)  # fmt: skip
def test_odd_environments(environment: dict[str, str], kkplan: Kkplan, config: Path) -> None:
    for words in (("show", config.name), ("plan", config.name, *PAIR, "--lang", "zh")):
        done = kkplan(*words, **environment)
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        # How many lines are masked, and how many files the diff does not have.
        assert len(done.stderr.splitlines()) == (2 if words[0] == "plan" else 0)


def test_without_a_home(config: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kkplan", "show", config.name]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["x;id;.yaml", "$(id).yaml", "-x.yaml", "a 'b'.yaml"])
def test_a_path_in_advice_is_one_word(name: str, kkplan: Kkplan, tmp_path: Path) -> None:
    text = (
        (SAMPLES / "keepalived" / "config-sample.yaml")
        .read_text()
        .replace("user: root", "user: root, password: x1y2", 1)
    )
    (tmp_path / name).write_text(text)
    (tmp_path / name).chmod(0o644)
    said = kkplan("check", f"./{name}" if name.startswith("-") else name).stdout.decode()
    (command,) = (line.partition("or run: ")[2] for line in said.splitlines() if "chmod" in line)
    before = {one.name for one in tmp_path.iterdir()}
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert {one.name for one in tmp_path.iterdir()} == before
