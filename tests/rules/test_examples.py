"""Each rule's own examples, and the pages that show them."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kkplan.disk.config_file import read_config
from kkplan.locale import LANGUAGES, use_language
from kkplan.plan.rule import Rule
from kkplan.rules.catalogue import catalogue
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from tests.conftest import Kkplan
from tests.rules.example import commands_of, config_of, files_of, is_commands
from tools.rule_pages import folder_of, pages

# What commands begin with: a plan is made for it.
NO_ENDPOINT = 'controlPlaneEndpoint:\n  domain: lb.kubesphere.local\n  address: ""\n  port: 6443\n'


def found_in(example: str, kkplan: Kkplan, folder: Path) -> list[str]:
    """The ids of what is found, by the check or by the program that the example runs."""
    files = files_of(example)
    if files is not None:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        beside = {"inventory": str(folder / "inventory.yaml")} if "inventory.yaml" in files else None
        config = read_config(str(folder / "config.yaml"))
        return [finding.id for finding in check_file(config, Selection(), beside=beside).findings]
    file = folder / "config-sample.yaml"
    file.write_text(
        config_of(NO_ENDPOINT if "$ kkplan" in example else "" if is_commands(example) else example), encoding="utf-8"
    )
    file.chmod(0o600)
    if is_commands(example):
        written: dict[str, Any] = {}
        for command in commands_of(example):
            words = shlex.split(command)
            if words[0] == "kkplan":
                written = json.loads(kkplan(*words[1:], "--format", "json").stdout)
            else:
                subprocess.run(words, cwd=folder, check=True)
        if written:
            return [finding["id"] for finding in written["findings"] if not finding["fixed"]]
    return [finding.id for finding in check_file(read_config(str(file)), Selection()).findings]


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_wrong_example_is_found_and_the_right_one_is_silent(rule: Rule, kkplan: Kkplan, tmp_path: Path) -> None:
    """The wrong one by this rule and, so that it teaches one thing, by no other."""
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    for folder, example in ((wrong, rule.bad), (right, rule.good)):
        folder.mkdir()

        def run(*arguments: str, folder: Path = folder) -> subprocess.CompletedProcess[bytes]:
            return kkplan(*arguments, cwd=folder)

        assert set(found_in(example, run, folder)) == ({rule.id} if folder == wrong else set()), example


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_every_rule_says_why_and_where_that_is_known_from(rule: Rule) -> None:
    assert len(rule.why.english.split()) > 12
    assert rule.source
    assert rule.bad != rule.good


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_current(language: str) -> None:
    """`make rules` writes them."""
    try:
        expected = dict(pages(language))
    finally:
        use_language("en")
    folder = folder_of(language)
    assert {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")} == expected
