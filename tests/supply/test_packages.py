"""The sdist and the wheel, each built in a clean folder, installed into a fresh environment and used outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.supply.conftest import lonely, needs_root, try_everything
from tests.supply.test_wheelhouse import venv_with
from tools.offline.wheels import build

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def build_backend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip needs to build an sdist, as wheels."""
    folder = tmp_path_factory.mktemp("backend")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--dest", str(folder)]
    subprocess.run([*pip, "hatchling>=1.25"], check=True)
    return folder


@needs_root
@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_pip_installs_it(kind: str, handed_out: Path, build_backend: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for wheel in (*(handed_out / "wheelhouse").glob("*.whl"), *build_backend.glob("*.whl")):
        if not wheel.name.startswith("kkplan-"):
            (wheels / wheel.name).symlink_to(wheel)
    package = build(kind, tmp_path / "built")
    program = venv_with(sys.executable, tmp_path / "venv", "--find-links", str(wheels), str(package))
    (tmp_path / "work").mkdir()
    try_everything(lonely(tmp_path / "work", [str(program)]))


def test_the_wheel_of_the_sdist_is_the_wheel(tmp_path: Path) -> None:
    sdist = build("sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path / "again")]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    direct = build("wheel", tmp_path / "wheel")
    assert members(tmp_path / "again" / direct.name) == members(direct)


def members(wheel: Path) -> dict[str, int]:
    """The wheel's files with their checksums."""
    import zipfile

    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist()}
