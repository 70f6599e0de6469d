"""Trusted owners: root, the user of kkplan, and the owner of the config."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_UID_MAP = Path("/proc/self/uid_map")
_OVERFLOW_UID = Path("/proc/sys/kernel/overflowuid")
_FULL_MAP = [b"0", b"0", b"4294967295"]


def trusted_owners(config_owner: int | None) -> frozenset[int]:
    """The UIDs of root, the user who runs kkplan (also with sudo) and the owner of the config.

    Args:
        config_owner: None if the config has none, as standard input.
    """
    owners = {0, os.geteuid()}
    if config_owner is not None:
        owners.add(config_owner)
    if os.geteuid() == 0:
        with suppress(KeyError, ValueError):
            owners.add(int(os.environ["SUDO_UID"]))
    return frozenset(owners)


def unmapped_owner() -> frozenset[int]:
    """The UID of the host's own folders in a user namespace; nothing outside of one (user_namespaces(7))."""
    try:
        if _UID_MAP.read_bytes().split() == _FULL_MAP:
            return frozenset()
        return frozenset({int(_OVERFLOW_UID.read_bytes())})
    except (OSError, ValueError):
        return frozenset()


def is_private_group(group: int, owner: int) -> bool:
    """Whether the owner is the only member of the group, as where each user has a group and the umask is 002."""
    import grp
    import pwd

    try:
        name = pwd.getpwuid(owner).pw_name
        members = {*grp.getgrgid(group).gr_mem, *(user.pw_name for user in pwd.getpwall() if user.pw_gid == group)}
    except KeyError:
        return False
    return members == {name}
