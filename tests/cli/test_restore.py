"""`kkplan restore`: the list, the diff, the choice and the words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kkplan.disk.config_file import Replaced, read_config
from kkplan.render.format import OutputOptions
from kkplan.render.restore.as_text import restored_text
from kkplan.schema.stored import schema
from kkplan.use.restore_config import find_backups
from tests.cli.test_canary import CANARY, CONFIG
from tests.cli.test_control_characters import raw_characters
from tests.conftest import Kkplan

HAPROXY = ("--mode", "internal-haproxy")
CLOUD = ("--mode", "cloud-lb", "--address", "10.20.0.100")
NO_LB = "3 control planes, no load balancer"


def backups(config: Path) -> list[Path]:
    """The newest first."""
    return sorted(config.parent.glob(f"{config.name}.bak-*"), reverse=True)


@pytest.fixture
def twice(kkplan: Kkplan, config: Path) -> tuple[bytes, bytes]:
    """A config that two applies have changed; what it was before each. The first backup is of last year."""
    first = config.read_bytes()
    assert kkplan("apply", config.name, *HAPROXY, "--yes").returncode == 0
    backups(config)[0].rename(config.with_name(f"{config.name}.bak-20250102T030405"))
    second = config.read_bytes()
    assert kkplan("apply", config.name, *CLOUD, "--yes").returncode == 0
    return first, second


def test_its_commands_can_be_copied(config: Path, twice: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """With the path of a kkplan that is in no folder of PATH, as after apply."""
    monkeypatch.setattr("sys.argv", ["/opt/tools/kkplan"])
    restoration = find_backups(read_config(str(config)))
    text = restored_text(restoration, Replaced(backups(config)[0], 0), OutputOptions())
    assert text.endswith(f"To undo: /opt/tools/kkplan restore {config}\n")


def test_the_list_tells_when_and_which_endpoint(kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes]) -> None:
    before = config.read_bytes()
    done = kkplan("restore", config.name, "--list")
    assert (done.returncode, done.stderr, config.read_bytes()) == (0, b"", before)
    today, title, newest, was, oldest, at_first = [line.strip() for line in done.stdout.decode().splitlines()[1:]]
    assert ("10.20.0.100" in today, title) == (True, "Backups, newest first")
    assert newest.endswith(f"  {backups(config)[0].name}")
    assert "HAProxy on 3 workers" in was
    assert oldest == f"2025-01-02 03:04:05  {config.name}.bak-20250102T030405"
    assert NO_LB in at_first


def test_the_newest_is_restored_by_itself(kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes]) -> None:
    done = kkplan("restore", config.name, "--yes")
    assert (done.returncode, config.read_bytes()) == (0, twice[1]), done.stderr
    said = done.stdout.decode()
    assert re.search(r'^-    address: "10.20.0.100"', said, re.MULTILINE)
    assert re.search(r"^[+]    internalLoadbalancer: haproxy", said, re.MULTILINE)
    assert re.search(rf"^[*] \S+ \S+  {config.name}.bak-", said, re.MULTILINE)
    assert f"Restored: {config.name}, from {config.name}.bak-" in said
    assert f"To undo: kkplan restore {config.name}" in said


@pytest.mark.parametrize("way", ["name", "path", "absolute", "through a link"])
def test_another_backup_is_named(
    way: str, kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes], tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(".")
    name = f"{config.name}.bak-20250102T030405"
    to = {"name": name, "path": f"./{name}", "absolute": str(tmp_path / name), "through a link": f"link/{name}"}[way]
    done = kkplan("restore", config.name, "--to", to, "--yes")
    assert (done.returncode, config.read_bytes()) == (0, twice[0]), done.stderr


def test_a_name_in_the_config_s_folder_from_elsewhere(
    kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    name = f"{config.name}.bak-20250102T030405"
    (elsewhere / name).write_text("kind: Cluster\n")
    wrong = kkplan("restore", str(config), "--to", str(elsewhere / name), "--yes")
    assert (wrong.returncode, b"has this name" in wrong.stderr) == (1, True)
    done = kkplan("restore", str(config), "--to", name, "--yes", cwd=elsewhere)
    assert (done.returncode, config.read_bytes()) == (0, twice[0]), done.stderr


def test_apply_names_the_command(kkplan: Kkplan, tmp_path: Path, config: Path) -> None:
    config.rename(tmp_path / "my config.yaml")
    done = kkplan("apply", "my config.yaml", *HAPROXY, "--yes")
    assert b". To undo: kkplan restore 'my config.yaml'\n" in done.stdout
    assert re.search(rb"Written: my config.yaml. Backup: \S+/my config.yaml.bak-\d{8}T\d{6}\. To", done.stdout)


def test_the_same_already(kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes]) -> None:
    config.write_bytes(twice[1])
    before = len(backups(config))
    for words in (("restore", config.name), ("restore", config.name, "--yes")):
        done = kkplan(*words)
        assert (done.returncode, len(backups(config))) == (0, before)
        assert f"Nothing to do: the config is the same as {backups(config)[0].name}." in done.stdout.decode()
        assert b"To restore another backup: kkplan restore config-sample.yaml --to BACKUP" in done.stdout
    data = json.loads(kkplan("restore", config.name, "--format", "json").stdout)
    assert (data["diff"], data["result"]) == ("", None)


def test_without_a_terminal_it_shows_and_does_not_write(
    kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes]
) -> None:
    before = config.read_bytes()
    for words in ((), ("--no-input",), ("--format", "json")):
        done = kkplan("restore", config.name, *words)
        assert (done.returncode, config.read_bytes(), len(backups(config))) == (1, before, 2)
        assert b"nothing was written: no terminal to ask on. Review the diff, then pass --yes" in done.stderr
        assert b"internalLoadbalancer: haproxy" in done.stdout


def test_nothing_to_restore(kkplan: Kkplan, config: Path) -> None:
    for words in ((), ("--list",), ("--yes",), ("--format", "json"), ("--to", "x")):
        done = kkplan("restore", config.name, *words)
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"config-sample.yaml: nothing to restore: there is no backup beside it" in done.stderr
    gone = kkplan("restore", "gone.yaml")
    assert (gone.returncode, b"gone.yaml: no such file" in gone.stderr) == (1, True)


@pytest.mark.parametrize("words", [("-",), ("c.yaml", "--list", "--to", "x"), (), ("c.yaml", "--format", "sarif")])
def test_wrong_usage(words: tuple[str, ...], kkplan: Kkplan) -> None:
    assert kkplan("restore", *words).returncode == 64


def test_json(kkplan: Kkplan, config: Path, twice: tuple[bytes, bytes], tmp_path: Path) -> None:
    (tmp_path / f"{config.name}.bak-20990101T000000").symlink_to("nowhere")
    (tmp_path / f"{config.name}.bak-20240101T000000").write_text("broken: [\n")
    newest = next(path for path in backups(config) if not path.is_symlink())
    seen = []
    for words in (("--list",), (), ("--lang", "zh"), ("--yes",)):
        data = json.loads(kkplan("restore", config.name, "--format", "json", *words).stdout)
        Draft7Validator(schema("restore")).validate(data)
        seen.append(data)
    listed, proposed, in_chinese, restored = seen
    assert [backup["file"] for backup in listed["backups"]] == [
        newest.name, f"{config.name}.bak-20250102T030405", f"{config.name}.bak-20240101T000000",
    ]  # fmt: skip
    assert [backup["endpoint"] and backup["endpoint"]["route"] for backup in listed["backups"]] == [
        "local-haproxy", "first-control-plane", None,
    ]  # fmt: skip
    assert listed["backups"][2]["problem"]
    assert listed["backups"][1]["made"] == "2025-01-02T03:04:05"
    assert "symbolic link" in listed["passedOver"][0]["reason"]
    assert (listed["endpoint"]["address"], listed["chosen"], listed["diff"]) == ("10.20.0.100", None, None)
    assert (proposed["chosen"], proposed["result"]) == (newest.name, None)
    assert "+    internalLoadbalancer: haproxy" in proposed["diff"]
    assert in_chinese == proposed
    assert restored["diff"] == proposed["diff"]
    assert Path(restored["result"]["backup"]).read_bytes() != config.read_bytes() == twice[1]


def test_no_secret_of_either_file_is_shown(kkplan: Kkplan, tmp_path: Path) -> None:
    """Passwords, unknown keys and comments that differ are in the diff as asterisks, and restored all the same."""
    config, other = tmp_path / "c.yaml", CANARY.replace("77", "78")
    backup = tmp_path / "c.yaml.bak-20260101T000000"
    new = CONFIG.replace(CANARY, other).replace("port: 6443", "port: 6444").replace("  storage:", "  storag:")
    spoiled = new.replace("  roleGroups:", "  roleGroups: [")
    for now, was in ((CONFIG, new), (new, CONFIG), (CONFIG, spoiled), (spoiled, CONFIG), (CONFIG, f"{CANARY}\n")):
        config.write_text(now)
        backup.write_text(was)
        for words in (
            ("--list",), (), ("--lang", "zh"), ("--format", "json"), ("--list", "--format", "json"), ("--to", backup.name, "--yes"),
        ):  # fmt: skip
            done = kkplan("restore", "c.yaml", *words, KKPLAN_DEBUG="1")
            said = done.stdout + done.stderr
            assert b"Kanarie" not in said, words
            assert b"********" in said or "--list" in words
            assert b"Traceback" not in said
        assert config.read_text() == was
        for made in set(backups(config)) - {backup}:
            made.unlink()


def test_the_diff_says_that_it_hides(kkplan: Kkplan, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(CONFIG)
    (tmp_path / "c.yaml.bak-20260101T000000").write_text(CONFIG.replace("sudoPasswd: ", "sudoPasswd: x"))
    assert b"Values shown as asterisks are restored" in kkplan("restore", "c.yaml").stdout
    (tmp_path / "c.yaml.bak-20260101T000000").write_text(CONFIG.replace("type: kubekey", "type: external"))
    assert b"asterisks" not in kkplan("restore", "c.yaml").stdout


def test_no_control_character_is_said(kkplan: Kkplan, tmp_path: Path) -> None:
    name = "c\x1b]0;x\a.yaml"
    (tmp_path / name).write_text(CONFIG.replace("domain: lb", 'domain: "\\e[31m" # \x1b[8m\n    x: lb'))
    (tmp_path / f"{name}.bak-20260101T000000").write_text(CONFIG + "# \u202e\n\u202e: \u2066\n")
    (tmp_path / f"{name}.bak-20270101T000000").symlink_to("\x1b[31m")
    for words in (("--list",), (), ("--format", "json"), ("--to", "\x1b"), ("--yes",), ("--yes", "--format", "json")):
        done = kkplan("restore", name, *words)
        assert raw_characters((done.stdout + done.stderr).decode()) == [], words
