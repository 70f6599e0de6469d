"""Nothing in the output folder but kkplan's own files is ever replaced without a backup, or removed."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from kkplan.disk.bundle_folder import SUMS, compare, is_written_name
from kkplan.disk.config_file import read_config
from kkplan.disk.owners import trusted_owners
from kkplan.locale import LANGUAGES, use_language
from kkplan.modes.mode import mode_named, modes
from kkplan.modes.question import Answers
from kkplan.plan.artifact import MARK
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.conftest import ROOT, Kkplan
from tests.disk.conftest import CLOUD, OLDER, OTHER_PAIR, PAIR, as_root, backup_of, list_in_sums, refused, write
from tests.disk.site import temporaries, tree

ANSWERS: dict[str, Answers] = {
    "cloud-lb": {"address": "10.20.0.100"},
    "internal-haproxy": {},
    "keepalived": {"address": "172.16.0.10/24", "lb": ("lb1=172.16.0.2", "lb2=172.16.0.3")},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ANSWERS)
def test_every_file_of_a_mode_has_a_known_name_and_the_mark(name: str, language: str, config: Path) -> None:
    """Without both, kkplan would not know its own files again."""
    assert list(ANSWERS) == sorted(mode.name for mode in modes() if mode.written_names or mode.name in ANSWERS)
    use_language(language)
    plan = make_plan(read(read_config(str(config))), Request(mode_named(name), ANSWERS[name]))
    written = [file.artifact for file in plan.files if file.artifact.path != SUMS]
    assert [each.path for each in written if not is_written_name(each.path, mode_named(name).written_names)] == []
    assert [each.path for each in written if MARK not in "".join(each.content.splitlines()[:10])] == []
    names = mode_named(name).written_names
    assert [each for each in names if not any(is_written_name(file.path, (each,)) for file in written)] == []


@as_root
def test_a_file_of_another_owner_is_replaced(kkplan: Kkplan, own: Path) -> None:
    """Its owner could change it again after the apply."""
    os.chown(own / "install.sh", 1234, 2345)
    (own / "lb1" / "haproxy.cfg").chmod(0o666)
    assert kkplan("apply", "config.yaml", *PAIR, "--yes").returncode == 0
    assert (own / "install.sh").stat().st_uid == 0
    assert stat.S_IMODE((own / "lb1" / "haproxy.cfg").stat().st_mode) == 0o644


FORGED = {
    "notes.txt": "mine\n",
    "lb3/notes.txt": "mine\n",
    "README.md~": f"<!-- {MARK}. -->\n",
    "listener.json": '{"theirs": 1}\n',
    "lb3/haproxy.cfg": "mine, unmarked\n",
    "deep/er/haproxy.cfg": f"# {MARK}\n",
    ".hidden/haproxy.cfg": f"# {MARK}\n",
    "-x/haproxy.cfg": f"# {MARK}\n",
    "haproxy.cfg": f"# {MARK}\n",
    "lb3/README.md": f"<!-- {MARK}. -->\n",
    "ansible/other.yaml": f"# {MARK}\n",
    "data/keepalived.conf": "\n" * 30 + MARK,
}
SPELLINGS = [
    "./{}",
    ".//{}",
    "lb1/../{}",
    "{}/",
    "/{}",
    "//{}",
    "{}/.",
    "kkplan-out/../{}",
    "../kkplan-out/{}",
    " {}",
    "{}\r",
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("spelling", ["{}", *SPELLINGS])
def test_a_forged_list_removes_nothing(spelling: str, kkplan: Kkplan, own: Path, tmp_path: Path) -> None:
    """Neither kkplan's own files by another spelling, nor anyone else's."""
    outside = write(tmp_path / "haproxy.cfg", f"# {MARK}\n")
    for path, text in FORGED.items():
        write(own / path, text)
    (own / "empty").mkdir()
    names = [*FORGED, *(path for path in ("README.md", "lb1/haproxy.cfg") if spelling != "{}"), "empty/haproxy.cfg"]
    sums = (own / SUMS).read_text()
    for path in names:
        data = (own / path).read_bytes() if (own / path).exists() else b""
        sums += f"{sha256(data).hexdigest()}  {spelling.format(path)}\n"
    for path in (str(outside), "../haproxy.cfg", "../../haproxy.cfg"):
        sums += f"{sha256(outside.read_bytes()).hexdigest()}  {path}\n"
    (own / SUMS).write_text(sums)
    before = tree(own)
    done = kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes")
    assert done.returncode == 0, done.stderr
    assert outside.exists()
    assert (own / "empty").is_dir()
    assert {path: (own / path).read_text() for path in FORGED} == FORGED
    assert set(before) - set(tree(own)) == set()
    assert backup_of(own / SUMS).read_bytes().decode() == sums
    subprocess.run(["sha256sum", "--quiet", "-c", SUMS], cwd=own, check=True)


def test_a_list_that_was_cut_anywhere_is_read(own: Path) -> None:
    """As by a full disk while it was copied."""
    owners = trusted_owners(None)
    _, owner = compare(own, (), (), owners)
    assert owner is not None
    text = (own / SUMS).read_bytes()
    head, first = text.split(b"\n")[:2]
    assert first == b"# Config: config.yaml"
    for length in range(len(text)):
        (own / SUMS).write_bytes(text[:length])
        _, found = compare(own, (), (), owners)
        assert (found is None) == (length < len(head)), length
        assert found is None or owner.config_name.startswith(found.config_name)


def test_a_list_of_nothing_but_its_mark_is_completed(kkplan: Kkplan, own: Path) -> None:
    text = (own / SUMS).read_bytes()
    (own / SUMS).write_bytes(text.partition(b"\n")[0])
    done = kkplan("apply", "config.yaml", *PAIR, "--yes")
    assert done.returncode == 0, done.stderr
    assert (own / SUMS).read_bytes() == text


@pytest.mark.parametrize("list_it", [False, True])
def test_a_file_that_says_nothing_of_kkplan_is_backed_up(list_it: bool, kkplan: Kkplan, own: Path) -> None:
    """Also where the list says that it is kkplan's."""
    write(own / "README.md", "# Mine\n")
    if list_it:
        sums = [line for line in (own / SUMS).read_text().splitlines() if not line.endswith("README.md")]
        (own / SUMS).write_text("\n".join(sums) + "\n")
        list_in_sums(own, "README.md")
    shown = kkplan("plan", "config.yaml", *OTHER_PAIR)
    assert b"! README.md (to be replaced, a backup is kept" in shown.stdout
    assert b"KK201" in shown.stdout
    done = kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes")
    kept = backup_of(own / "README.md")
    assert (done.returncode, kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == (0, "# Mine\n", 0o600)
    assert str(kept.relative_to(own.parent)).encode() in done.stdout


@pytest.mark.parametrize(
    "made_by", ["sha256sum install.sh */* >SHA256SUMS", "sed -i /^#/d SHA256SUMS", "sed -i d SHA256SUMS"]
)
def test_sums_that_a_person_made_are_replaced_and_kept(made_by: str, kkplan: Kkplan, own: Path) -> None:
    """As after an edit of a file on purpose, which gets a backup then too."""
    with (own / "lb1" / "haproxy.cfg").open("a") as file:
        file.write("# tuned\n")
    subprocess.run(made_by, shell=True, cwd=own, check=True)
    sums = (own / SUMS).read_bytes()
    shown = kkplan("plan", "config.yaml", *OTHER_PAIR)
    for path in (SUMS, "lb1/haproxy.cfg"):
        assert f"! {path} (to be replaced, a backup is kept".encode() in shown.stdout
    done = kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes")
    assert done.returncode == 0, done.stderr
    assert backup_of(own / SUMS).read_bytes() == sums
    assert backup_of(own / "lb1" / "haproxy.cfg").read_text().endswith("# tuned\n")
    subprocess.run(["sha256sum", "--quiet", "-c", SUMS], cwd=own, check=True)


def test_files_of_an_earlier_plan_are_shown_and_removed(kkplan: Kkplan, own: Path) -> None:
    """Only those that are as kkplan wrote them; a folder that holds something else stays."""
    write(own / "lb1" / "notes.txt")
    write(own / "lb2" / "haproxy.cfg", f"# {MARK}, edited\n")
    renamed = (*PAIR[:4], "--lb", "a1=172.16.0.2", "--lb", "a2=172.16.0.3")
    shown = kkplan("plan", "config.yaml", *renamed)
    for path in ("lb1/haproxy.cfg", "lb1/keepalived.conf", "lb2/check-haproxy.sh", "lb2/kkplan-restart.conf"):
        assert f"- {path} (to be removed: unchanged file of an earlier plan)".encode() in shown.stdout
    assert b"- lb2/haproxy.cfg" not in shown.stdout
    done = kkplan("apply", "config.yaml", *renamed, "--yes")
    assert (done.returncode, b"Removed: 9 files" in done.stdout) == (0, True), done.stdout
    assert [path.name for path in (own / "lb1").iterdir()] == ["notes.txt"]
    assert [path.name for path in (own / "lb2").iterdir()] == ["haproxy.cfg"]
    assert kkplan("apply", "config.yaml", *PAIR, "--yes").returncode == 0
    assert not (own / "a1").exists()


def test_the_output_folder_keeps_what_others_put_there(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    output = tmp_path / "kkplan-out"
    assert kkplan("apply", "config.yaml", *OLDER, "--yes").returncode == 0
    inner = output / "mine"
    inner.mkdir()
    write(inner / "secret").chmod(0o600)
    os.mkfifo(inner / "pipe")
    (inner / "link").symlink_to("/etc")
    (output / "README.md").write_text("edited\n")
    if os.geteuid() == 0:
        for path in (inner, inner / "secret"):
            os.chown(path, 1234, 2345)
    inner.chmod(0o777)
    output.chmod(0o750)

    def numbers() -> list[tuple[int, ...]]:
        found = [path.lstat() for path in (output, inner, *sorted(inner.iterdir()))]
        return [(each.st_ino, each.st_mode, each.st_uid, each.st_size) for each in found[1:]]

    before = numbers(), output.stat().st_ino, output.stat().st_mode
    done = kkplan("apply", "config.yaml", *CLOUD, "--yes")
    assert done.returncode == 0, done.stderr
    assert (numbers(), output.stat().st_ino, output.stat().st_mode) == before
    assert backup_of(output / "README.md").read_text() == "edited\n"
    assert temporaries(tmp_path) == []


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o077, 0o777])
def test_a_umask_changes_no_mode(mask: int, own: Path, config: Path, tmp_path: Path) -> None:
    write(own / "README.md")
    renamed = (*PAIR[:3], "172.16.0.20/24", "--lb", "a1=172.16.0.2", "--lb", "lb2=172.16.0.3")
    command = shlex.join([sys.executable, "-B", "-m", "kkplan", "apply", str(config), *renamed, "--yes"])
    done = subprocess.run(["sh", "-c", f"umask {mask:o}; {command}"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    modes_of = {path: stat.S_IMODE(path.stat().st_mode) for path in (own / "a1", own / "a1" / "haproxy.cfg")}
    assert list(modes_of.values()) == [0o755 & ~mask | 0o700, 0o644]
    for kept in (backup_of(own / "README.md"), *tmp_path.glob("config.yaml.bak-*")):
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_file_without_an_end_is_not_read(kkplan: Kkplan, own: Path, tmp_path: Path) -> None:
    with (own / "README.md").open("wb") as file:
        file.truncate(40 << 30)
    refused(kkplan("apply", "config.yaml", *OTHER_PAIR, "--yes"), "README.md", "larger than the limit of 1 MiB")


@pytest.mark.parametrize(
    ("where", "given", "word"),
    [
        ("inside/o", None, ""),
        ("inside", None, ""),
        ("../o", None, "is outside the plan's own folder. If this is intended, add: --output-dir"),
        ("{abs}/o", None, "is outside the plan's own folder"),
        ("link/o", None, "is outside the plan's own folder"),
        ("../plans-2/o", None, "is outside the plan's own folder"),
        ("/etc/cron.d", None, "is outside the plan's own folder"),
        ("/etc/cron.d", "/etc/cron.d", "not empty and was not written by kkplan"),
        ("../o", "o", ""),
        ("../o", "{abs}/plans/../o", ""),
        ("link/o", "o", ""),
        ("inside", "o", "the plan's files go to"),
        ("inside", "plans/inside", ""),
    ],
)
def test_a_saved_plan_whose_files_go_elsewhere(
    where: str, given: str | None, word: str, kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "link").symlink_to(tmp_path)
    made = kkplan("plan", "config.yaml", *PAIR, "--output-dir", "plans/x", "--out", "plans/ha.plan")
    assert made.returncode == 0, made.stderr
    text = (plans / "ha.plan").read_text()
    (plans / "ha.plan").write_text(text.replace('"outputDir": "x"', f'"outputDir": "{where.format(abs=tmp_path)}"'))
    before = tree(tmp_path)
    options = ["--output-dir", given.format(abs=tmp_path)] if given else []
    done = kkplan("apply", "plans/ha.plan", "--yes", *options)
    if word:
        refused(done, word)
        assert tree(tmp_path) == before
    else:
        assert done.returncode == 0, done.stderr
        assert kkplan("apply", "plans/ha.plan", "--yes", *options).returncode == 0
