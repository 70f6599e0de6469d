"""The runbook's own commands over SSH, and the playbooks, on servers that boot."""

from __future__ import annotations

import pytest

from tests.machines.conftest import Pairs
from tests.machines.controller import USER, Controller, commands_of, reason_to_skip
from tests.machines.pair import VIP
from tests.machines.test_install import FILES, in_place, serves, services, state

reason = reason_to_skip()
pytestmark = pytest.mark.skipif(bool(reason), reason=reason or "can run")

# The user's password is asked for once; `sudo` itself would ask on each server.
AS_USER = (f"-e ansible_user={USER}", "-e ansible_become=true", "--become-password-file /run/password")


def test_runbook_as_it_stands(fresh_pair: Pairs) -> None:
    pair = fresh_pair()
    controller = Controller(pair)
    runbook = (pair.bundle / "README.md").read_text(encoding="utf-8")
    said = []
    for block in commands_of(runbook, "Install"):
        status, output = controller.shell(block)
        assert status == 0, f"{block}\n{output}"
        said.append(output)
    assert any(output.count(": OK\n") == 10 for output in said)
    assert f"the VIP {VIP} is on lb1; this server (lb2) is a backup" in said[-1]
    assert serves(pair)
    for name in pair.lbs:
        assert in_place(pair, name)

    shown, stopped, started = commands_of(runbook, "Test the failover")
    assert controller.shell(shown)[1].count(f" {VIP}/32") == 1
    assert controller.shell(stopped)[0] == 0
    assert serves(pair)
    assert pair.holders() == ("lb2",)
    assert controller.shell(started)[0] == 0
    assert serves(pair)
    assert pair.holders() == ("lb2",)
    assert controller.shell("curl -sk https://172.16.0.10:6443/readyz") == (0, "ok")


@pytest.mark.parametrize(
    "options", [pytest.param((), id="root"), pytest.param(AS_USER, id="sudo", marks=pytest.mark.short)]
)
def test_playbooks(fresh_pair: Pairs, options: tuple[str, ...]) -> None:
    pair = fresh_pair()
    controller = Controller(pair)
    before = {name: state(server) for name, server in pair.lbs.items()}
    changed, said = controller.play("install", "--check", *options)
    assert changed == {"lb1": 1, "lb2": 1}
    assert said.count("would install: haproxy keepalived") == 2
    for name, server in pair.lbs.items():
        assert state(server) ^ before[name] == frozenset()

    changed, _ = controller.play("install", *options)
    assert changed == {"lb1": 2, "lb2": 2}
    assert serves(pair)
    assert pair.holders() == ("lb1",)
    for name, server in pair.lbs.items():
        assert in_place(pair, name)
        assert services(server) == "active enabled active enabled"
    before = {name: state(server) for name, server in pair.lbs.items()}
    changed, _ = controller.play("install", *options)
    assert changed == {"lb1": 0, "lb2": 0}
    for name, server in pair.lbs.items():
        assert state(server) ^ before[name] == frozenset()

    changed, _ = controller.play("uninstall", *options)
    assert changed == {"lb1": 2, "lb2": 2}
    for server in pair.lbs.values():
        assert services(server) == "inactive disabled inactive disabled"
        assert server.shell(f"cat {' '.join(FILES.values())}")[0] != 0
    controller.play("install", *options)
    assert serves(pair)
