"""Build dist/: kkplan-VERSION-linux-x86_64, wheelhouse/, a bill of materials of each, SHA256SUMS."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.offline.bill import bill_text
from tools.offline.debian import debian_components
from tools.offline.one_file import MACHINE, NAME, make_one_file
from tools.offline.pins import MACHINES, machine_target
from tools.offline.pythons import ROOT, VERSIONS
from tools.offline.wheels import build, download, source_date_epoch


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.offline", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder; what is in it by these names goes")
    parser.add_argument("--machine", action="append", choices=MACHINES, help="kinds of machine; all without it")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    make_all(given.to, given.machine or MACHINES)


def make_all(folder: Path, machines: tuple[str, ...]) -> None:
    """Build everything into the folder, and say what was made."""
    epoch = source_date_epoch()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        own = build("wheel", work)
        products = [
            *(one_file(own, work, folder / NAME, epoch) if MACHINE in machines else ()),
            *wheelhouse(own, machines, folder / "wheelhouse", epoch),
        ]
    sums = "".join(f"{sha256(file)}  {file.relative_to(folder)}\n" for file in sorted(products))
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    for file in (*products, folder / "SHA256SUMS"):
        if file.parent == folder:
            say(f"{file}  {file.stat().st_size:,} bytes")
    say(f"{folder / 'wheelhouse'}/  for: pip install --no-index --find-links wheelhouse kkplan")


def one_file(own: Path, work: Path, target: Path, epoch: int) -> list[Path]:
    """The file that needs no Python, and its bill."""
    wheels, system_files = make_one_file(own, work, target, epoch)
    return [target, bill_of(target, wheels, epoch, debian_components(system_files))]


def wheelhouse(own: Path, machines: tuple[str, ...], target: Path, epoch: int) -> list[Path]:
    """The folder of wheels and its bill."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    shutil.copy(own, target)
    for version in VERSIONS:
        for machine in machines:
            download(f"{version}-{machine}", machine_target(version, machine), target)
    wheels = sorted(target.glob("*.whl"))
    return [*wheels, bill_of(target, wheels, epoch)]


def bill_of(product: Path, wheels: list[Path], epoch: int, unpacked: Sequence[dict[str, Any]] = ()) -> Path:
    """Write the bill beside the product."""
    bill = product.with_name(product.name + ".cdx.json")
    bill.write_text(bill_text(product, wheels, epoch, unpacked), encoding="utf-8")
    return bill


def sha256(file: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def say(line: str) -> None:
    """A line for whoever builds."""
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
