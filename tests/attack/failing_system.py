"""A system whose n-th call about a file fails, for kkplan in this very process."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Each names a file, or a folder; what opens a descriptor that is read later fails in its reading too.
_CALLS = (
    "open", "stat", "lstat", "listdir", "scandir", "mkdir", "rmdir", "rename", "replace", "link", "unlink", "readlink",
    "getcwd", "chmod", "listxattr", "getxattr", "utime", "symlink", "access",
)  # fmt: skip
_ON_DESCRIPTORS = ("fsync", "fstat", "fchmod", "fchown", "setxattr", "ftruncate", "write", "read")


class FailingSystem:
    """Counts the calls about files below the folders, and lets one of them fail.

    Attributes:
        calls: the names of the calls so far.
    """

    def __init__(self, folders: tuple[Path, ...], fails_at: int = -1, number: int = 0) -> None:
        self._folders = tuple(map(str, folders))
        self._fails_at = fails_at
        self._number = number
        self.calls: list[str] = []

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Take the place of the system's calls."""
        changed: list[tuple[Any, str, Any]] = [(os, name, getattr(os, name)) for name in _CALLS + _ON_DESCRIPTORS]
        changed += [(os, "fdopen", os.fdopen), (io, "open", io.open), (builtins, "open", builtins.open)]
        for module, name, real in changed:
            wrap = self._reading if name in ("fdopen",) or module is not os else self._failing
            setattr(module, name, wrap(name, real))
        try:
            yield
        finally:
            for module, name, real in changed:
                setattr(module, name, real)

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **keywords: Any) -> Any:
            if name in _ON_DESCRIPTORS or self._is_watched(arguments[0] if arguments else "."):
                self._count(name, arguments[0] if arguments else ".")
            return real(*arguments, **keywords)

        return called

    def _reading(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """Opening counts, and so does the reading, which no one can make fail from outside."""

        def called(file: Any, *arguments: Any, **keywords: Any) -> Any:
            if not isinstance(file, int) and not self._is_watched(file):
                return real(file, *arguments, **keywords)
            if not isinstance(file, int):
                self._count(name, file)
            self._count("reading", file)
            return real(file, *arguments, **keywords)

        return called

    def _is_watched(self, path: Any) -> bool:
        if isinstance(path, int):
            return True
        text = os.fsdecode(path)
        if text.endswith((".py", ".pyc", "__pycache__", ".so")):
            return False
        return not text.startswith("/") or text.startswith(self._folders)

    def _count(self, name: str, path: Any) -> None:
        self.calls.append(name)
        if len(self.calls) - 1 == self._fails_at:
            shown = path if isinstance(path, (str, bytes, Path)) else None
            raise OSError(self._number, os.strerror(self._number), shown)
