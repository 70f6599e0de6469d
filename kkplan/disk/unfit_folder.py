"""Folders that must not become the output folder, which is replaced as a whole."""

from __future__ import annotations

import os
from pathlib import Path

from kkplan.disk import DiskError
from kkplan.locale import T, named


def refuse_unfit(folder: Path, real: Path) -> None:
    """Make sure that the folder (and its real path) is a folder, or can become one, and can be replaced as a whole.

    Raises:
        DiskError: it cannot.
    """
    if real.exists() and not real.is_dir():
        raise DiskError(T("the output folder is a file. Choose another one with --output-dir"), file=str(folder))
    if _holds_current_folder(real) or real.is_mount():
        raise DiskError(
            T("the output folder is replaced as a whole, so it cannot be this one. Choose a new one with --output-dir"),
            file=str(folder),
        )


def refuse_others_folder(folder: Path, own_names: set[str]) -> None:
    """Make sure that a folder that kkplan did not make has no life of its own, as /etc has: programs at work in it would
    be left in the old one.

    Raises:
        DiskError: it holds other folders than those of these names.
    """
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        others = sorted(
            entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name not in own_names
        )
    if others:
        raise DiskError(
            T(
                "the output folder is replaced as a whole, but it has no SHA256SUMS of kkplan's, and it holds other folders ({names}). "
                "Choose a new one with --output-dir",
                names=named(", ".join([*others[:3], *["…"] * (len(others) > 3)])),
            ),
            file=str(folder),
        )


def _holds_current_folder(real: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(real)
    except OSError:  # the current folder was removed
        return False
