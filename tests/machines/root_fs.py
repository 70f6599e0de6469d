"""Debian's root file systems for machines that boot, and an archive of the packages that a site's mirror would have.

mmdebstrap makes them once; they stay in the cache, a folder for each release and list of packages.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

RELEASES = ("bullseye", "bookworm", "trixie")  # Debian 11, 12, 13
MIRROR = "http://deb.debian.org/debian"

# What a server has before anyone makes it an LB server.
BASE = (
    *("systemd", "systemd-sysv", "dbus", "iproute2", "ifupdown", "procps"),
    *("openssh-server", "sudo", "python3", "nftables"),
)
# What the archive has besides, with all that these need.
OFFERED = ("haproxy", "keepalived", "psmisc", "ufw", "firewalld")

_SECONDS = 900
_PROGRAMS = ("mmdebstrap", "dpkg-deb", "apt-get")


class NoRootFs(Exception):  # noqa: N818 - why tests are skipped, no error of the program
    """The root file system is not here and cannot be made."""


class RootFs(NamedTuple):
    """A release as it is in the cache.

    Attributes:
        root: the files of a fresh server; nobody writes to them.
        archive: an APT archive without folders (sources.list(5), "flat repository format").
    """

    release: str
    root: Path
    archive: Path


def cache_folder() -> Path:
    """Where they are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kkplan-machines"


def root_fs(release: str) -> RootFs:
    """The release's files, made now where the cache does not have them.

    Raises:
        NoRootFs: a program for that is missing, or mmdebstrap fails, as without a network.
    """
    key = hashlib.sha256(" ".join(["1", release, MIRROR, *BASE, "/", *OFFERED]).encode()).hexdigest()[:12]
    cache = cache_folder()
    folder = cache / f"{release}-{key}"
    cache.mkdir(parents=True, exist_ok=True)
    with _exclusive(cache / f"{release}.lock"):
        if not folder.is_dir():
            _make(release, folder)
    return RootFs(release, folder / "root", folder / "archive")


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(release: str, folder: Path) -> None:
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        raise NoRootFs(f"not installed: {', '.join(missing)}; make packages-machines installs them")
    for left in folder.parent.glob(f"{folder.name}.*"):  # of a run that was killed
        shutil.rmtree(left)
    draft = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        # apt-get runs as another user for its downloads.
        draft.chmod(0o755)
        (draft / "archive").mkdir()
        _run_mmdebstrap(release, draft)
        _write_index(draft / "archive")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run_mmdebstrap(release: str, draft: Path) -> None:
    download = 'chroot "$1" apt-get clean && chroot "$1" apt-get install -y --download-only'
    hooks = [
        f"{download} -o APT::Keep-Downloaded-Packages=true {' '.join(OFFERED)}",
        f'cp "$1"/var/cache/apt/archives/*.deb "{draft}/archive"',
        # The host's name and name servers; and who a server is, which it finds out at its first boot.
        'rm -f "$1/etc/hostname" "$1/etc/resolv.conf" && : >"$1/etc/machine-id"',
    ]
    command = ["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", f"--include={','.join(BASE)}"]
    command += [f"--customize-hook={hook}" for hook in hooks]
    try:
        made = subprocess.run(
            [*command, release, str(draft / "root"), MIRROR],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise NoRootFs(f"mmdebstrap of {release} took longer than {_SECONDS} s") from None
    if made.returncode:
        last = made.stderr.strip().splitlines()[-3:]
        raise NoRootFs(f"mmdebstrap of {release} failed; it needs {MIRROR}: {' / '.join(last)}")


def _write_index(archive: Path) -> None:
    """Packages, as deb-control(5) and the Debian Repository Format have it."""
    stanzas = []
    for deb in sorted(archive.glob("*.deb")):
        fields = subprocess.run(["dpkg-deb", "--field", deb], capture_output=True, text=True, check=True).stdout
        content = deb.read_bytes()
        sums = f"Size: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"
        stanzas.append(f"{fields.rstrip()}\nFilename: ./{deb.name}\n{sums}")
    packages = "\n".join(stanzas).encode()
    (archive / "Packages").write_bytes(packages)
    listed = f"{hashlib.sha256(packages).hexdigest()} {len(packages)} Packages"
    (archive / "Release").write_text(f"Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n {listed}\n", encoding="ascii")
