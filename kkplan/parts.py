"""The modules in a package: how kkplan finds its rules, modes, formats, checks and scenarios."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType


def part_names(package: ModuleType, *, packages: bool = False) -> list[str]:
    """The names of the modules in the package, or of the packages in it; sorted.

    pkgutil does the same, but loads inspect for it, which takes as long as kkplan's own modules; archives and packages without sources
    are left to it.
    """
    (place,) = package.__path__
    folder = Path(place)
    if (folder / "__init__.py").is_file():
        if packages:
            return sorted(path.parent.name for path in folder.glob("*/__init__.py"))
        return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    from pkgutil import iter_modules

    return sorted(module.name for module in iter_modules(package.__path__) if module.ispkg is packages)
