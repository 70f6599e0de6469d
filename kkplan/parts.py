"""The modules in a package: how kkplan finds its rules, modes, formats, checks and scenarios."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType


def part_names(package: ModuleType, *, packages: bool = False) -> list[str]:
    """The names of the modules in the package, or of the packages in it; sorted.

    pkgutil does the same, but loads inspect for it, which takes as long as kkplan's own modules; packages without
    source files, as in the one-file kkplan, are left to it.
    """
    pattern = "*/__init__.py" if packages else "*.py"
    found: set[str] = set()
    for place in package.__path__:
        paths = list(Path(place).glob(pattern))
        if paths:
            found |= {path.parent.name if packages else path.stem for path in paths}
        else:
            from pkgutil import iter_modules

            found |= {module.name for module in iter_modules([place]) if module.ispkg is packages}
    return sorted(found - {"__init__"})
