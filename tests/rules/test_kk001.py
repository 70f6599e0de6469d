"""KK001: a file that cannot be judged."""

from __future__ import annotations

import pytest

from kkplan.disk.config_file import ConfigFile
from kkplan.document import DocumentError
from kkplan.kubekey3.config import ConfigError
from kkplan.plan.finding import Severity
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from tests.rules.conftest import config_file, config_text


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 0, "empty"),
        (b"\xff\xfe\x00", 0, "UTF-16"),
        (b"kind: Cluster\nspec: [\n", 2, "invalid YAML"),
        (b"kind: Inventory\n", 0, "no document of kind Cluster"),
        (b"kind: Cluster\n", 1, "no spec"),
        (
            (config_text() + "---\n" + config_text()).encode(),
            config_text().count("\n") + 2,
            "a second Cluster document",
        ),
    ],
)
def test_the_one_finding_of_a_file_that_cannot_be_read(data: bytes, line: int, message: str) -> None:
    """It cannot be ignored either: nothing else in the file was looked at."""
    checked = check_file(ConfigFile("config.yaml", data), Selection(ignore=("KK0",)))
    (finding,) = checked.findings
    assert (finding.id, finding.severity, finding.line) == ("KK001", Severity.ERROR, line)
    assert message in finding.message.english
    assert checked.documents == {}


def test_silent_for_a_config() -> None:
    """As KubeKey writes it."""
    assert check_file(ConfigFile("config.yaml", config_text().encode()), Selection()).findings == ()


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("metadata:\n  name: a\n  spec: {hosts: []}\n", 4, "spec is under metadata"),
        ("metadata: {name: a}\nspce:\n  hosts: []\n", 3, "Did you mean spec?"),
        ("metadata: {name: a}\nhosts: []\nroleGroups: {}\n", 3, "hosts is not under spec"),
        ("metadata:\n  name: a\n  roleGroups: {}\n", 4, "roleGroups is under metadata"),
        ("metadata: {name: a}\n", 1, "the Cluster has no spec with hosts"),
    ],
)
def test_where_the_spec_is_instead(text: str, line: int, part: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config_file(f"kind: Cluster\n{text}")
    assert (caught.value.line, part in caught.value.message.english) == (line, True), caught.value.message.english


def test_a_block_that_an_odd_space_makes_a_text() -> None:
    with pytest.raises(DocumentError) as caught:
        config_file(config_text("address:\u3000172.16.0.100"))
    assert "an ideographic space" in str(caught.value)
