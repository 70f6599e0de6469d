"""Make docs/pictures anew: all of them, or those named on the command line.

Every picture is of the program as it is now, in both languages. `rehearse` needs root, HAProxy and Keepalived; without
them its pictures stay as they are. Its figures are those of the run, all other pictures are the same each time.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.pictures.svg import picture
from tools.pictures.terminal import Terminal

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
COLUMNS = 100
ROWS_OF_A_REPORT = 400  # more than any report has; rows that stay empty are not drawn
LOCALES = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}
LANGUAGES = {"en": "en", "zh": "zh-CN"}
CONFIG = "config-sample.yaml"
PAIR = (
    *("--mode", "keepalived", "--address", "172.16.0.10/24"),
    *("--lb", "lb1=172.16.0.2,nic=eth0", "--lb", "lb2=172.16.0.3,nic=eth0"),
)
FAILURES = ("--scenario", "haproxy-stopped", "--scenario", "machine-lost")
ENTER, DOWN = "\r", "\x1b[B"


class Stage:
    """A folder with a sample's config, in which kkplan runs in one language."""

    def __init__(self, folder: Path, language: str, sample: str) -> None:
        self.folder = folder
        shutil.copy(ROOT / "samples" / sample / CONFIG, folder)
        (folder / CONFIG).chmod(0o600)  # as a file with passwords should be
        self._environ = {
            "TERM": "xterm-256color",
            "LANG": LOCALES[language],
            "HOME": str(folder),
            "PATH": f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/bin",
        }

    def starts(
        self, *command: str, columns: int = COLUMNS, rows: int = ROWS_OF_A_REPORT, root: bool = False
    ) -> Terminal:
        """The command in a terminal, below the prompt that it was typed at."""
        terminal = Terminal(command, self.folder, self._environ, columns, rows)
        terminal.shows(f"\x1b[32m{'#' if root else '$'}\x1b[0m \x1b[1m{' '.join(command)}\x1b[0m\r\n")
        return terminal

    def runs(self, *command: str, root: bool = False, exit_code: int = 0) -> Terminal:
        """The command in a terminal, when it has ended.

        Raises:
            RuntimeError: it ended otherwise than it should: there is nothing to show.
        """
        terminal = self.starts(*command, root=root)
        ended = terminal.runs_to_its_end()
        if ended != exit_code:
            raise RuntimeError(f"{' '.join(command)}: exit code {ended}\n{terminal.output}")
        return terminal


def plan(folder: Path, language: str) -> Iterator[tuple[str, Terminal]]:
    """What a mode would change."""
    stage = Stage(folder, language, "internal-haproxy")
    yield "plan", stage.runs("kkplan", "plan", CONFIG, "--mode", "internal-haproxy")


def check(folder: Path, language: str) -> Iterator[tuple[str, Terminal]]:
    """What kk would drop or stumble over."""
    stage = Stage(folder, language, "cloud-lb")
    config = folder / CONFIG
    text = config.read_text(encoding="utf-8")
    text = text.replace("internalLoadbalancer:", "internalLoadBalancers:").replace("port: 6443", 'port: "6443"')
    config.write_text(text, encoding="utf-8")
    yield "check", stage.runs("kkplan", "check", CONFIG, exit_code=1)


def wizard(folder: Path, language: str) -> Iterator[tuple[str, Terminal]]:
    """The wizard's first question, an answer that it refuses, and the plan before it writes."""
    stage = Stage(folder, language, "keepalived")
    terminal = stage.starts("kkplan", columns=80, rows=40)
    terminal.waits_for_an_answer()
    yield "wizard-mode", terminal
    terminal.types(DOWN + DOWN + ENTER)
    terminal.types("172.16.0.4" + ENTER)
    yield "wizard-address", terminal
    terminal.is_left()
    terminal = stage.starts("kkplan", "wizard", CONFIG, *PAIR, rows=45)
    terminal.waits_for_an_answer()
    while "+++ " not in terminal.output:
        terminal.types(ENTER)
    yield "wizard-plan", terminal
    terminal.is_left()


def rehearse(folder: Path, language: str) -> Iterator[tuple[str, Terminal]]:
    """Two failures of a pair, with the real HAProxy and Keepalived."""
    stage = Stage(folder, language, "keepalived")
    stage.runs("kkplan", "plan", CONFIG, *PAIR, "--out", "ha.plan")
    yield "rehearse", stage.runs("kkplan", "rehearse", "ha.plan", *FAILURES, root=True)


SUBJECTS: tuple[Callable[[Path, str], Iterator[tuple[str, Terminal]]], ...] = (plan, check, wizard, rehearse)


def drawn(subject: Callable[[Path, str], Iterator[tuple[str, Terminal]]], language: str) -> Iterator[tuple[str, str]]:
    """Names and texts of the pictures of a subject in a language."""
    with TemporaryDirectory() as folder:
        for name, terminal in subject(Path(folder), language):
            first = terminal.screen.display[0].strip()
            yield f"{name}.{language}.svg", picture(terminal.screen, first, LANGUAGES[language])


def can_rehearse() -> bool:
    """Whether this process may make namespaces, and has the programs to run in them."""
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin"
    return os.geteuid() == 0 and all(shutil.which(program, path=path) for program in ("haproxy", "keepalived"))


def main(names: list[str]) -> None:
    """Write the pictures of the named subjects, or of all."""
    PICTURES.mkdir(exist_ok=True)
    for subject in SUBJECTS:
        if names and subject.__name__ not in names:
            continue
        if subject is rehearse and not can_rehearse():
            sys.stderr.write("rehearse: needs root, haproxy and keepalived; its pictures stay as they are\n")
            continue
        for language in LOCALES:
            for name, text in drawn(subject, language):
                (PICTURES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
