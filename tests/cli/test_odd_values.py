"""Values that no one expects: every command has an answer, and it is not a bug report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Kkplan
from tests.rules.conftest import ROLES, config_text

ODD = {
    "infinite": "domain: lb.local\nport: .inf\n",
    "not-a-number": "domain: lb.local\nport: -.NaN\n",
    "six-thousand-digits": f"domain: lb.local\nport: {'9' * 6000}\n",
    "quoted-digits": f'domain: lb.local\nport: "{"9" * 6000}"\n',
    "dates": "domain: 2024-01-01\naddress: 12:30:45\n",
    "lists": "domain: [a]\n",
}
COMMANDS = (
    ("plan", "--mode", "internal-haproxy"),
    ("plan", "--mode", "cloud-lb", "--address", "172.16.0.100"),
    ("check",),
    ("show",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: "-".join(words[:3]))
@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_gets_an_answer(name: str, command: tuple[str, ...], kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_text(ODD[name]), encoding="utf-8")
    run = kkplan(command[0], "c.yaml", *command[1:])
    assert run.returncode in (0, 1)
    assert b"bug in kkplan" not in run.stderr


def test_a_whole_number_with_a_point_is_one_to_kk(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_text("domain: lb.local\naddress: 172.16.0.100\nport: 6443.0\n"))
    (tmp_path / "c.yaml").chmod(0o600)
    assert b"errors: 0, warnings: 0" in kkplan("check", "c.yaml").stdout


@pytest.mark.parametrize("mode", ["internal-haproxy", "cloud-lb", "keepalived"])
def test_without_a_control_plane_there_is_nothing_to_order(mode: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config_text(roles={**ROLES, "control-plane": ()}), encoding="utf-8")
    given = {
        "internal-haproxy": (),
        "cloud-lb": ("--address", "172.16.0.100"),
        "keepalived": ("--address", "172.16.0.100/24", "--lb", "a=172.16.0.21", "--lb", "b=172.16.0.22"),
    }[mode]
    run = kkplan("plan", "c.yaml", "--mode", mode, *given)
    assert run.returncode == 1
    assert b"no control plane" in run.stdout
    assert b"bug in kkplan" not in run.stderr


def test_a_password_in_an_address_is_shown_nowhere(kkplan: Kkplan, tmp_path: Path) -> None:
    text = config_text('domain: lb.local\naddress: "https://admin:Kanarie77@10.1.1.9"\n')
    (tmp_path / "c.yaml").write_text(text.replace("address: 172.16.0.7", 'address: "ssh://root:Kanarie77@w"', 1))
    for command in (
        *COMMANDS,
        ("check", "--format", "json"),
        ("check", "--format", "sarif"),
        ("show", "--format", "json"),
        ("show", "--format", "mermaid"),
        ("plan", "--mode", "internal-haproxy", "--format", "json"),
    ):
        run = kkplan(command[0], "c.yaml", *command[1:])
        assert b"Kanarie77" not in run.stdout + run.stderr, command


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_file_may_be_named_like_a_secret(lang: str, kkplan: Kkplan, config: Path) -> None:
    """`secrets.yaml:31: …` is no password: the message behind it is to be read."""
    config.rename(config.with_name("secrets.yaml"))
    shown = kkplan("plan", "secrets.yaml", "--mode", "cloud-lb", "--address", "172.16.0.4", "--lang", lang)
    assert b"KK104 secrets.yaml:39" in shown.stdout
    checked = kkplan("check", "secrets.yaml", "--lang", lang)
    assert b"secrets.yaml:" in checked.stdout
    refused = kkplan("apply", "secrets.yaml", "--mode", "cloud-lb", "--address", "172.16.0.4", "--yes", "--lang", lang)
    assert b"secrets.yaml:39: " in refused.stderr
    assert b"***" not in refused.stderr
