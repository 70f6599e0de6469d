"""Every system call of apply dies, or fails: the disk holds the old or the new state, whole, and the words fit it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.conftest import Kkplan
from tests.disk.site import Call, Outcome, Site, temporaries, tree

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: sh tools/packages.sh installs it"
)

ERRORS = ("EIO", "ENOSPC", "EACCES", "EROFS")
OLD_WORDS = ("nothing was changed", "nothing was written")
NEW_WORDS = "everything is written"
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
        return outcome.everything == self.new


@scenes
def test_killed_in_any_system_call(site: Site, kkplan: Kkplan) -> None:
    states = States(site)
    bad: list[str] = []
    between: set[str] = set()
    # Two calls with nothing but reading between them find the same disk.
    points = [states.calls[0], *(call for before, call in pairwise(states.calls) if before.changes_disk)]
    for call in points:
        site.put_back()
        dead = site.run(*call.inject("signal=KILL"))
        bad += [f"{call.line}: {problem}" for problem in killed_badly(dead, states)]
        state = f"{dead.config == states.new_config} {dead.bundle == states.new_bundle} {bool(dead.left)}"
        if dead.bundle == states.old_bundle and dead.config == states.old_config:
            again = site.run()
            if (again.code, again.left, again.config) != (0, [], states.new_config):
                bad.append(f"{call.line}: the next run: {again}")
        elif state not in between:
            between.add(state)
            done = kkplan(*site.arguments)
            if (done.returncode, site.config.read_bytes(), tree(site.output), temporaries(site.folder)) != (
                0,
                states.new_config,
                states.new_bundle,
                [],
            ):
                bad.append(f"{call.line}: the next run: {done}")
    assert not bad, "\n".join(bad)


def killed_badly(dead: Outcome, states: States) -> Iterator[str]:
    if dead.code != -9:
        yield f"not killed: {dead.code}"
    if dead.config not in (states.old_config, states.new_config):
        yield "the config is neither the old nor the new one"
    if dead.bundle not in (states.old_bundle, states.new_bundle):
        yield "the bundle is neither the old nor the new one"
    if dead.config == states.new_config and dead.bundle == states.old_bundle != states.new_bundle:
        yield "the config is new and the files are old"
    if any(b"Qcloud@" in data and mode & 0o7137 for mode, data in dead.everything.values()):
        yield "a file with the password can be read by others"
    backups = [data for name, (_, data) in dead.everything.items() if name == "config.yaml.bak"]
    if any(data != states.old_config for data in backups):
        yield "a backup is not the old config"
    if dead.config == states.new_config and not backups:
        yield "no backup"


@pytest.mark.parametrize(
    ("site", "error"),
    [
        *((scene, error) for scene in ("fresh", "config_only") for error in ERRORS),
        *(("renewed", error) for error in ("EIO", "EACCES")),  # the others take the same way as EIO
    ],
    indirect=["site"],
)
def test_any_system_call_fails(site: Site, error: str) -> None:
    states = States(site)
    bad: list[str] = []
    for call in states.calls:
        if error != "EIO" and not (call.changes_disk or call.name == "openat"):
            continue
        site.put_back()
        failed = site.run(*call.inject(f"error={error}"))
        bad += [f"{call.line}: {problem}: {failed.said}" for problem in failed_badly(failed, call, states)]
    assert not bad, "\n".join(bad)


def failed_badly(failed: Outcome, call: Call, states: States) -> Iterator[str]:
    if "Traceback" in failed.said or "bug of kkplan" in failed.said:
        yield "not in words for a person"
    if failed.left:
        yield f"left behind: {failed.left}"
    if failed.code == 0 and not states.is_new(failed):
        yield "said to be done, and is not"
    if failed.code not in (0, 1):
        yield f"exit code {failed.code}"
    if failed.code == 1 and any(word in failed.said for word in OLD_WORDS) and not states.is_old(failed):
        yield "said to be as it was, and is not"
    if failed.code == 1 and NEW_WORDS in failed.said and not states.is_new(failed):
        yield "said to be written, and is not"
    if failed.code == 1 and not any(word in failed.said for word in (*OLD_WORDS, NEW_WORDS)):
        yield "not said what state it is in"
