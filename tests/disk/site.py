"""A config and an output folder in a folder of their own, put back to where they were before each run."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

STAMP = re.compile(r"\.bak-\d{8}T\d{6}(-\d+)?")
TEMPORARY = re.compile(r"\..*\.kkplan-\w{8}")

READING = {"newfstatat", "fstat", "lstat", "stat", "statx", "close", "ioctl", "lseek", "getdents64", "read", "pread64"}
READING |= {"flock", "listxattr", "getxattr", "fcntl", "readlink", "access"}

Tree = dict[str, tuple[int, bytes]]


def tree(folder: Path) -> Tree:
    """All files and folders below, with their modes and contents; the time in a backup's name does not count."""
    return {
        STAMP.sub(".bak", str(path.relative_to(folder))): (
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


def files_in(tree: Tree) -> Tree:
    """The files alone, without what a killed run has left."""
    return {
        name: (mode, data)
        for name, (mode, data) in tree.items()
        if not stat.S_ISDIR(mode) and not TEMPORARY.fullmatch(Path(name).name)
    }


def temporaries(folder: Path) -> list[str]:
    """What a run has left behind."""
    return [str(path) for path in folder.rglob(".*") if TEMPORARY.fullmatch(path.name)]


@dataclass(frozen=True)
class Call:
    """One system call: its name, and how many of that name came before it in the same run."""

    name: str
    number: int
    line: str

    @property
    def changes_disk(self) -> bool:
        """Whether the disk can be another one after it."""
        return self.name not in READING and not (self.name == "openat" and "O_CREAT" not in self.line)

    def inject(self, fault: str) -> tuple[str, ...]:
        """strace's options that make this very call fail, or kill the process in it."""
        return ("-e", f"trace={self.name}", "-e", f"inject={self.name}:{fault}:when={self.number}")


@dataclass(frozen=True)
class Outcome:
    """How a run ended and what is on the disk."""

    code: int
    said: str
    config: bytes
    bundle: Tree
    everything: Tree
    left: list[str]


class Site:
    """kkplan, held at the yes, for one config. Use as a context manager."""

    def __init__(self, home: Path, pristine: Path, arguments: tuple[str, ...]) -> None:
        self.folder = home / "site"
        self.config = self.folder / "config.yaml"
        self.output = self.folder / "new" / "out"
        self._pristine = pristine
        self._said = home / "said"
        self._log = home / "strace"
        self.arguments = ("apply", str(self.config), "--output-dir", str(self.output), *arguments, "--yes")
        self.put_back()
        there, back = os.pipe(), os.pipe()
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.disk.at_yes", str(there[0]), str(back[1]), *self.arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
            pass_fds=(there[0], back[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        os.close(there[0])
        os.close(back[1])
        self._to, self._from = os.fdopen(there[1], "w"), os.fdopen(back[0])

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self._to.close()
        self._from.close()
        self._program.wait()

    def put_back(self) -> None:
        """Make the folder as it was."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._pristine, self.folder)

    def run(self, *strace: str) -> Outcome:
        """Say yes, with these options of strace."""
        self._said.write_bytes(b"")
        print(self._said, file=self._to, flush=True)
        child = self._from.readline().strip()
        tracer = None
        if strace:
            tracer = subprocess.Popen(
                ["strace", "-y", "-s0", "-o", str(self._log), *strace, "-p", child], stderr=subprocess.PIPE
            )
            assert tracer.stderr is not None
            answer = tracer.stderr.readline()
            if b"attached" not in answer:
                print(file=self._to, flush=True)
                self._from.readline()
                pytest.skip(f"strace cannot trace here: {answer.decode().strip()}")
        print(file=self._to, flush=True)
        code = int(self._from.readline())
        if tracer is not None and tracer.stderr is not None:
            tracer.wait()
            tracer.stderr.close()
        return Outcome(
            code,
            self._said.read_text(),
            self.config.read_bytes(),
            tree(self.output),
            tree(self.folder),
            temporaries(self.folder),
        )

    def calls(self) -> tuple[Outcome, list[Call]]:
        """A run without a fault, and its system calls that are about the site."""
        outcome = self.run("-f", "-e", "trace=all")
        seen: Counter[str] = Counter()
        found = []
        for line in self._log.read_text().splitlines():
            match = re.match(r"(?:\d+ +)?(\w+)\(", line)
            if match:
                seen[match[1]] += 1
                if str(self.folder) in line:
                    found.append(Call(match[1], seen[match[1]], line))
        self.put_back()
        return outcome, found
