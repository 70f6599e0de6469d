"""Every failure of the system is a message and exit code 1, in every command; the config is the old or the new one."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

import kkplan
from kkplan.cli import rehearse as rehearse_command
from kkplan.cli.main import run
from kkplan.locale import T
from kkplan.use import settings_file
from tests.attack.failing_system import FailingSystem
from tests.conftest import SAMPLES

pytestmark = pytest.mark.thorough

ERRNOS = tuple(
    getattr(errno, name)
    for name in (
        "ENOENT", "EACCES", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EIO", "ENOSPC", "EROFS", "EMFILE", "ESTALE", "EISDIR",
        "EINVAL", "EPERM", "ENODEV", "ETIMEDOUT", "ENOMEM", "EDQUOT", "EBUSY",
    )
)  # fmt: skip
PAIR = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
COMMANDS: dict[str, tuple[str, ...]] = {
    "plan": ("plan", "config-sample.yaml", *PAIR),
    "plan --out": ("plan", "config-sample.yaml", *PAIR, "--out", "new.plan"),
    "plan --out over a plan": ("plan", "config-sample.yaml", *PAIR, "--out", "ha.plan"),
    "plan --answers": ("plan", "config-sample.yaml", "--answers", "answers.yaml"),
    "apply": ("apply", "config-sample.yaml", *PAIR, "--yes"),
    "apply PLANFILE": ("apply", "ha.plan", "--yes"),
    "check": ("check", "config-sample.yaml"),
    "check FOLDER": ("check", "."),
    "check --skip-others": ("check", "--skip-others", "config-sample.yaml", "answers.yaml"),
    "check --fix": ("check", "--fix", "fixable.yaml"),
    "restore": ("restore", "fixable.yaml", "--yes"),
    "show": ("show", "config-sample.yaml"),
    "explain": ("explain", "KK101"),
    "schema": ("schema",),
    "schema NAME": ("schema", "cluster.v1alpha2"),
    "schema --modeline": ("schema", "cluster.v1alpha2", "--modeline"),
    "completion": ("completion", "bash"),
    "verify": ("verify", "here.plan", "--timeout", "1"),
    "rehearse DIR": ("rehearse", "files"),
    "rehearse PLANFILE": ("rehearse", "ha.plan"),
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A folder with a config, a saved plan, answers, settings and files of LB servers, as the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rehearse_command, "missing_requirement", lambda network: T("no further"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    text = (SAMPLES / "keepalived" / "config-sample.yaml").read_text(encoding="utf-8")
    Path("config-sample.yaml").write_text(text, encoding="utf-8")
    Path("fixable.yaml").write_text(
        text.replace("    domain:", "    Domian: x\n    domain:").replace("Domian", "adress", 1)
    )
    Path("answers.yaml").write_text("mode: cloud-lb\naddress: 172.16.0.100\n")
    Path(".kkplan.toml").write_text('[check]\nignore = ["KK331"]\n')
    assert run([*COMMANDS["plan"], "--out", "ha.plan"]) == 0
    assert run(["apply", "config-sample.yaml", *PAIR, "--yes", "--output-dir", "files"]) == 0
    Path("config-sample.yaml").write_text(text, encoding="utf-8")
    for backup in tmp_path.glob("*.bak-*"):
        backup.unlink()
    Path("fixable.yaml.bak-20260101T000000").write_text(text, encoding="utf-8")
    saved = json.loads(Path("ha.plan").read_bytes())
    here = {
        "route": "address",
        "address": "127.0.0.1",
        "domain": "x",
        "port": 1,
        "lbServers": [],
        "haproxyWorkers": [],
        "hostsEntries": [],
    }
    saved["site"] = {**here, "controlPlanes": [{"name": "m1", "address": "127.0.0.1"}]}
    Path("here.plan").write_text(json.dumps(saved))
    capfd.readouterr()
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def put_back(folder: Path, files: dict[str, bytes]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(name.startswith(f"{path.relative_to(folder)}/") for name in files):
                path.rmdir()
        elif str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, data in files.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != data:
            (folder / name).write_bytes(data)


def ran(words: tuple[str, ...], system: FailingSystem) -> int:
    settings_file._settings_above.cache_clear()
    with system.in_place():
        return run(["--lang", "en", *words] if words[0] == "schema" else list(words))


@pytest.mark.parametrize("command", COMMANDS)
def test_any_call_to_the_system_fails(command: str, site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = COMMANDS[command]
    package = Path(kkplan.__file__).parent
    scripts = package / "cli" / "completion_scripts"
    watched = (site, package / "render", scripts, package.parent / "schemas", package / "schemas")
    before = state(site)
    first = FailingSystem(watched)
    expected = ran(words, first)
    assert expected in (0, 1)
    capfd.readouterr()
    after = state(site)
    assert len(first.calls) >= 3 or command in ("explain", "completion", "schema", "schema NAME", "schema --modeline")
    put_back(site, before)
    for place in range(len(first.calls)):
        for number in {ERRNOS[(5 * place + step) % len(ERRNOS)] for step in (0, 7)}:
            said_where = f"{first.calls[place]} ({place}) fails with {errno.errorcode[number]}"
            code = ran(words, FailingSystem(watched, place, number))
            said = "".join(capfd.readouterr())
            assert "Traceback" not in said, said_where
            assert "bug in kkplan" not in said, f"{said_where}: {said}"
            assert code in (0, 1), f"{said_where}: {said}"
            assert code == 0 or said.strip(), said_where
            now = state(site)
            for name in ("config-sample.yaml", "fixable.yaml", "ha.plan", "new.plan"):
                kept = (before.get(name), after.get(name))
                assert now.get(name) in kept or name.endswith(".plan"), f"{said_where}: {name}"
                assert not name.endswith(".plan") or name not in now or json.loads(now[name]), f"{said_where}: {name}"
            if code == 0:
                assert now.keys() >= {name for name in after if ".bak-" not in name}, said_where
            put_back(site, before)
