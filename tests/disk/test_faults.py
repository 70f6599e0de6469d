"""Every system call of apply dies, or fails: each file is the old or the new one, and the words fit it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.conftest import Kkplan
from tests.disk.site import Outcome, Site, files_in, temporaries, tree

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        shutil.which("strace") is None, reason="strace is not installed: sh tools/packages.sh installs it"
    ),
]

ERRORS = ("EIO", "ENOSPC", "EACCES", "EROFS")
OLD_WORDS = ("nothing was changed", "nothing was written")
NEW_WORDS = "everything is written"
UNFINISHED_WORDS = "the config was not changed"
TEMPORARY_NUMBER = re.compile(r"\.kkplan-\w{8}")
scenes = pytest.mark.parametrize("site", ["fresh", "renewed", "config_only"], indirect=True)


class States:
    """The disk before and after a run without a fault."""

    def __init__(self, site: Site) -> None:
        self.old_config, self.old_bundle, self.old = site.config.read_bytes(), tree(site.output), tree(site.folder)
        new, self.calls = site.calls()
        assert (new.code, new.left) == (0, []), new.said
        assert new.config != self.old_config
        self.new_config, self.new_bundle, self.new = new.config, new.bundle, new.everything
        assert len(self.calls) > 50

    def is_old(self, outcome: Outcome) -> bool:
        return outcome.everything == self.old

    def is_new(self, outcome: Outcome) -> bool:
        # A folder that could not be removed once it was empty does no harm.
        return files_in(outcome.everything) == files_in(self.new)


@scenes
def test_killed_in_any_system_call(site: Site, kkplan: Kkplan) -> None:
    states = States(site)
    bad: list[str] = []
    # Two calls with nothing but reading between them find the same disk.
    points = [states.calls[0], *(call for before, call in pairwise(states.calls) if before.changes_disk)]
    seen: set[str] = set()
    for call in points:
        site.put_back()
        dead = site.run(*call.inject("signal=KILL"))
        bad += [f"{call.line}: {problem}" for problem in (*killed_badly(dead, states), *not_in_order(dead, states))]
        bad += [f"{call.line}: {problem}" for problem in not_completed(site, dead, states, seen, kkplan)]
    assert len(seen) > (1 if states.new_bundle == states.old_bundle else 8)
    assert not bad, "\n".join(bad)


def killed_badly(dead: Outcome, states: States) -> Iterator[str]:
    if dead.code != -9:
        yield f"not killed: {dead.code}"
    if any(b"Qcloud@" in data and mode & 0o7137 for mode, data in dead.everything.values()):
        yield "a file with the password can be read by others"
    backups = [data for name, (_, data) in dead.everything.items() if name == "config.yaml.bak"]
    if any(data != states.old_config for data in backups):
        yield "a backup is not the old config"
    if dead.config == states.new_config and not backups:
        yield "no backup"


def not_in_order(outcome: Outcome, states: States) -> Iterator[str]:
    """Each file is the old or the new one, others are as they were, SHA256SUMS is the last and then comes the config."""
    old, new, found = (files_in(each) for each in (states.old_bundle, states.new_bundle, outcome.bundle))
    if outcome.config not in (states.old_config, states.new_config):
        yield "the config is neither the old nor the new one"
    if outcome.config == states.new_config and found != new:
        yield "the config is new, and the files are not"
    for name in {*old, *new, *found}:
        if found.get(name) not in (old.get(name), new.get(name)):
            yield f"{name} is neither the old nor the new one"
        if name in old and name in new and name not in found:
            yield f"{name} is gone"
    if new != old and found.get("SHA256SUMS") == new["SHA256SUMS"] and found != new:
        yield "SHA256SUMS is new, and another file is not"


def not_completed(site: Site, outcome: Outcome, states: States, seen: set[str], kkplan: Kkplan) -> Iterator[str]:
    """The same command does the rest."""
    state = str((outcome.config, sorted(outcome.everything.items())))
    state = TEMPORARY_NUMBER.sub(".kkplan-x", state)
    if state in seen:
        return
    seen.add(state)
    done = kkplan(*site.arguments)
    if (done.returncode, site.config.read_bytes(), files_in(tree(site.output)), temporaries(site.folder)) != (
        0,
        states.new_config,
        files_in(states.new_bundle),
        [],
    ):
        yield f"the next run: {done} {sorted(tree(site.folder))}"


@pytest.mark.parametrize(
    ("site", "error"),
    [
        *((scene, error) for scene in ("fresh", "config_only") for error in ERRORS),
        *(("renewed", error) for error in ("EIO", "EACCES")),  # the others take the same way as EIO
    ],
    indirect=["site"],
)
def test_any_system_call_fails(site: Site, error: str, kkplan: Kkplan) -> None:
    states = States(site)
    bad: list[str] = []
    seen: set[str] = set()
    for call in states.calls:
        if error != "EIO" and not (call.changes_disk or call.name == "openat"):
            continue
        site.put_back()
        failed = site.run(*call.inject(f"error={error}"))
        bad += [f"{call.line}: {problem}: {failed.said}" for problem in failed_badly(failed, states)]
        if UNFINISHED_WORDS in failed.said:
            bad += [f"{call.line}: {problem}" for problem in not_completed(site, failed, states, seen, kkplan)]
    assert not bad, "\n".join(bad)
    assert seen or states.new_bundle == states.old_bundle


def failed_badly(failed: Outcome, states: States) -> Iterator[str]:
    if "Traceback" in failed.said or "bug in kkplan" in failed.said:
        yield "not in words for a person"
    if failed.left:
        yield f"left behind: {failed.left}"
    if failed.code not in (0, 1):
        yield f"exit code {failed.code}"
    if failed.code == 0 and not states.is_new(failed):
        yield "said to be done, and is not"
    if failed.code == 1 and not any(word in failed.said for word in (*OLD_WORDS, NEW_WORDS, UNFINISHED_WORDS)):
        yield "not said what state it is in"
    if failed.code == 1 and any(word in failed.said for word in OLD_WORDS) and not states.is_old(failed):
        yield "said to be as it was, and is not"
    if failed.code == 1 and NEW_WORDS in failed.said and not states.is_new(failed):
        yield "said to be written, and is not"
    if failed.code == 1 and UNFINISHED_WORDS in failed.said:
        if failed.config != states.old_config:
            yield "the config is said to be the old one, and is not"
        yield from not_in_order(failed, states)


@pytest.mark.parametrize("error", ["EINVAL", "EOPNOTSUPP"])
@pytest.mark.parametrize("site", ["renewed"], indirect=True)
def test_a_file_system_that_cannot_sync_folders(site: Site, error: str) -> None:
    """For files there is no such excuse."""
    states = States(site)
    bad: list[str] = []
    kinds: set[bool] = set()
    for call in states.calls:
        if call.name != "fsync":
            continue
        is_file = TEMPORARY_NUMBER.search(call.line) is not None
        kinds.add(is_file)
        site.put_back()
        ended = site.run(*call.inject(f"error={error}"))
        right = ended.code == 1 and states.is_old(ended) if is_file else ended.code == 0 and states.is_new(ended)
        if not right:
            bad.append(f"{call.line}: {ended.code} {ended.said}")
    assert not bad, "\n".join(bad)
    assert kinds == {True, False}


@pytest.mark.parametrize("site", ["fresh"], indirect=True)
def test_an_error_in_the_output_folder_names_it(site: Site) -> None:
    """The config is staged around it, and is not what failed."""
    states = States(site)
    renames = [call for call in states.calls if call.name.startswith("rename") and f"{site.output}>" in call.line]
    site.put_back()
    failed = site.run(*renames[0].inject("error=EIO"))
    assert f"kkplan: error: {site.output}: Input/output error; nothing was changed" in failed.said


@pytest.mark.parametrize("site", ["fresh", "renewed"], indirect=True)
def test_each_folder_is_synced_once_and_nothing_is_removed_twice(site: Site) -> None:
    states = States(site)
    assert [call.line for call in states.calls if call.name.startswith("unlink") and "ENOENT" in call.line] == []
    last_rename = max(i for i, call in enumerate(states.calls) if "SHA256SUMS" in call.line and call.name == "renameat")
    before = [call for call in states.calls[:last_rename] if call.name == "fsync" and f"{site.output}>" in call.line]
    after = [call for call in states.calls[last_rename:] if call.name == "fsync" and f"{site.output}>" in call.line]
    assert (len(before), len(after)) == (1, 1)
