"""The parts of install.sh as such: all of them are used, and each can be sourced alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

import kkplan.modes.keepalived
from kkplan.modes.keepalived.install_script import PARTS, install_script, join_parts
from kkplan.modes.keepalived.template import template
from tests.modes.install_parts.conftest import PAIR, PartShell

TEXTS = {part: template(f"install/{part}.sh") for part in PARTS}
FUNCTIONS_ONLY = [part for part in PARTS if part not in ("settings", "main")]
each_part = pytest.mark.parametrize("part", PARTS)


def test_every_file_is_a_part_once() -> None:
    folder = files(kkplan.modes.keepalived) / "templates" / "install"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{part}.sh" for part in PARTS)


def test_join_keeps_order_and_puts_blank_lines_between() -> None:
    assert join_parts(("b\n", "a\nc\n")) == "b\n\na\nc\n"


@each_part
def test_a_part_begins_and_ends_with_a_line(part: str) -> None:
    assert re.fullmatch(r"\S[^\0]*\S\n", TEXTS[part])


def test_only_settings_has_placeholders() -> None:
    assert [part for part, text in TEXTS.items() if "@@" in text] == ["settings"]
    script = install_script(PAIR)
    for part in PARTS[1:]:
        assert TEXTS[part] in script


def test_no_function_is_defined_twice() -> None:
    names = re.findall(r"(?m)^(\w+)\(\)", "".join(TEXTS.values()))
    assert len(names) > 50
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("part", FUNCTIONS_ONLY)
def test_sourcing_a_part_only_defines_functions(shell: PartShell, part: str) -> None:
    """No program, no variable, no option, no trap, and no word: so parts can be tested apart, in any order."""
    path = shell.write(f"alone/{part}.sh", TEXTS[part])
    state = "{ set; echo $-; trap; }"
    shell.write("changes.sh", "word=\n")
    for sourced, same in ((path, True), (shell.root / "changes.sh", False)):
        assert shell.says("", f"PATH=/none\n{state} >before\n. {sourced}\n{state} >after") == ""
        before, after = (
            re.sub(r"(?m)^(_|LINENO|BASH_LINENO)=.*\n", "", (shell.root / name).read_text(encoding="utf-8"))
            for name in ("before", "after")
        )
        assert (before == after) is same


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
@each_part
def test_each_part_passes_shellcheck(tmp_path: Path, part: str) -> None:
    """Alone, it can neither see where its variables come from (SC2154) nor where they are used (SC2034)."""
    path = tmp_path / f"{part}.sh"
    path.write_text(TEXTS[part], encoding="utf-8")
    result = subprocess.run(
        ["shellcheck", "--shell=sh", "--exclude=SC2034,SC2154", path], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "")
