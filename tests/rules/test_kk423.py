"""KK423: no inventory."""

from __future__ import annotations

from pathlib import Path

from kkplan.plan.finding import Severity
from tests.conftest import Kkplan
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT, findings, places


def test_a_config_alone() -> None:
    found = findings(inventory=None)
    assert places(found) == [("KK423", "config.yaml", 1)]
    assert found[0].severity is Severity.WARNING


def test_check_and_plan_warn(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "config.yaml").write_text(CONFIG_TEXT, encoding="utf-8")
    for command in (("check", "site/config.yaml"), ("plan", "site/config.yaml", "--mode", "internal-haproxy")):
        shown = kkplan(*command, cwd=tmp_path).stdout.decode()
        assert "no inventory: kk would use its built-in one" in shown
        assert "kk create inventory -o ." in shown


def test_near_misses() -> None:
    assert findings() == []
    assert "KK423" not in {finding.id for finding in findings(f"{CONFIG_TEXT}---\n{INVENTORY_TEXT}", None)}
    assert "KK423" not in {finding.id for finding in findings(INVENTORY_TEXT, None)}
