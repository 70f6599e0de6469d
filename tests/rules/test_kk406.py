"""KK406: more documents in a file than kk reads."""

from __future__ import annotations

from pathlib import Path

from kkplan.plan.finding import Severity
from tests.conftest import Kkplan
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings


def severities(config: str, inventory: str | None = INVENTORY_TEXT) -> list[Severity]:
    return [finding.severity for finding in findings(config, inventory) if finding.id == "KK406"]


def test_both_in_one_file() -> None:
    for text in (f"{CONFIG_TEXT}---\n{INVENTORY_TEXT}", f"{INVENTORY_TEXT}---\n{CONFIG_TEXT}"):
        assert severities(text, None) == [Severity.ERROR]


def test_an_empty_first_document() -> None:
    assert severities(f"---\n---\n{CONFIG_TEXT}") == [Severity.ERROR]


def test_the_plan_names_the_line_of_the_dashes(kkplan: Kkplan, tmp_path: Path) -> None:
    """After comments too."""
    (tmp_path / "inventory.yaml").write_text(INVENTORY_TEXT, encoding="utf-8")
    for head, line in (("---\n", 1), ("# one\n\n# two\n--- # three\n", 4), ("\ufeff---\n", 1)):
        (tmp_path / "config.yaml").write_text(f"{head}---\n{CONFIG_TEXT}", encoding="utf-8")
        refused = kkplan("plan", "config.yaml", "--mode", "internal-haproxy")
        assert refused.stderr.decode().startswith(f"kkplan: error: config.yaml:{line}: the first document is empty")


def test_a_second_document_is_ignored() -> None:
    assert severities(f"{CONFIG_TEXT}---\nkind: Config\n") == [Severity.WARNING]
    assert severities(CONFIG_TEXT, f"{INVENTORY_TEXT}---\na: b\n") == [Severity.WARNING]


def test_near_misses() -> None:
    assert severities(f"---\n{CONFIG_TEXT}---\n") == []
