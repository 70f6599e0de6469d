"""What the tests of the disk share: sites in each state that apply meets."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kkplan.plan.artifact import MARK
from tests.conftest import SAMPLES, Kkplan
from tests.disk.site import Site

CLOUD = ("--mode", "cloud-lb", "--address", "10.20.0.100")
OLDER = ("--mode", "cloud-lb", "--address", "10.20.0.99")
HAPROXY = ("--mode", "internal-haproxy")
PAIR = ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
OTHER_PAIR = (*PAIR[:3], "172.16.0.20/24", *PAIR[4:])
SAMPLE = SAMPLES / "keepalived" / "config-sample.yaml"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    shutil.copy(SAMPLE, path)
    return path


def backup_of(path: Path) -> Path:
    (backup,) = path.parent.glob(f"{path.name}.bak-*")
    return backup


def refused(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """It failed in words, and the words hold these."""
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert "bug in kkplan" not in said
    for word in words:
        assert word in said


def fresh(folder: Path, kkplan: Kkplan) -> tuple[str, ...]:
    """A config alone; the output folder and the one above it are not there."""
    return CLOUD


def renewed(folder: Path, kkplan: Kkplan) -> tuple[str, ...]:
    """Older files of kkplan's, one of them edited and one no longer wanted, among foreign ones."""
    output = folder / "new" / "out"
    done = kkplan("apply", str(folder / "config.yaml"), "--output-dir", str(output), *OLDER, "--yes")
    assert done.returncode == 0, done.stderr
    shutil.copy(SAMPLE, folder / "config.yaml")
    for backup in folder.glob("*.bak-*"):
        backup.unlink()
    (output / "gone").mkdir()
    (output / "gone" / "haproxy.cfg").write_text(f"# {MARK}\n")
    list_in_sums(output, "gone/haproxy.cfg")
    (output / "README.md").write_text("edited by hand\n")
    (output / "mine").mkdir(mode=0o750)
    (output / "mine" / "notes.txt").write_text("notes\n")
    (output / "mine" / "link").symlink_to("notes.txt")
    return CLOUD


def list_in_sums(output: Path, *paths: str) -> None:
    """Add files to SHA256SUMS as kkplan lists them."""
    sums = output / "SHA256SUMS"
    mark, *lines = sums.read_text().splitlines()
    lines += [f"{sha256((output / path).read_bytes()).hexdigest()}  {path}" for path in paths]
    sums.write_text("\n".join([mark, *sorted(lines, key=lambda line: line[66:])]) + "\n")


def config_only(folder: Path, kkplan: Kkplan) -> tuple[str, ...]:
    """A mode that writes no files."""
    return HAPROXY


SCENES: dict[str, Callable[[Path, Kkplan], tuple[str, ...]]] = {
    scene.__name__: scene for scene in (fresh, renewed, config_only)
}


@pytest.fixture
def quick_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where hundreds of fsync(2) take no time; an ordinary one where there is no such disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def site(request: pytest.FixtureRequest, quick_disk: Path, kkplan: Kkplan) -> Iterator[Site]:
    """kkplan at the yes in the scene that the test's parameter names; the config is 0640 and holds a password."""
    pristine = quick_disk / "pristine"
    pristine.mkdir()
    shutil.copy(SAMPLE, pristine / "config.yaml")
    arguments = SCENES[request.param](pristine, kkplan)
    (pristine / "config.yaml").chmod(0o640)
    with Site(quick_disk, pristine, arguments) as site:
        yield site
    assert stat.S_IMODE((pristine / "config.yaml").stat().st_mode) == 0o640


@pytest.fixture
def own(kkplan: Kkplan, config: Path, tmp_path: Path) -> Path:
    """kkplan's own folder with the files of a pair, whose VIP is to be another one."""
    assert kkplan("apply", "config.yaml", *PAIR, "--yes").returncode == 0
    return tmp_path / "kkplan-out"


def write(path: Path, text: str = "mine\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
