"""Compile every module of a folder for the Python that runs this: PYTHON precompile.py FOLDER FILE. Needs no package.

FILE: the Python's magic number (4 bytes), the length of the index (8 bytes, little-endian), the index as marshal writes
it ({module: (offset, size)}), then each module's code, marshalled and compressed.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
import zlib
from pathlib import Path

# Before 3, marshal writes no references, whose places depend on what else is in memory; so the same code is the same bytes.
MARSHAL_VERSION = 2


def module_name(path: Path) -> str:
    """`kkplan.cli.app` for kkplan/cli/app.py, `kkplan.cli` for kkplan/cli/__init__.py."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main(folder: Path, target: Path) -> None:
    """Compile the folder into the target."""
    index, codes, offset = {}, [], 0
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder)
        code = compile(file.read_bytes(), str(path), "exec", dont_inherit=True)
        packed = zlib.compress(marshal.dumps(code, MARSHAL_VERSION), 9)
        index[module_name(path)] = (offset, len(packed))
        codes.append(packed)
        offset += len(packed)
    table = marshal.dumps(index, MARSHAL_VERSION)
    head = importlib.util.MAGIC_NUMBER + len(table).to_bytes(8, "little")
    target.write_bytes(head + table + b"".join(codes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
