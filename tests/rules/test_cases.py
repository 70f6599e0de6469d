"""Small configs made after public reports, each with the right answer: tests/fixtures/cases/README.md says why."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from kkplan.cluster.survival import survival
from kkplan.disk.config_file import read_config
from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.plan.finding import Severity
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from tests.conftest import ROOT, Kkplan

CASES = ROOT / "tests" / "fixtures" / "cases"
FILES = sorted(CASES.glob("*.yaml"))
OWNER_ONLY = frozenset(("KK331",))  # the permissions of a checkout


class Right(NamedTuple):
    """The right answer.

    Attributes:
        found: what `check` finds: rule, severity, line.
        stays: the errors that a plan for internal HAProxy leaves, so that apply writes nothing.
        weak: parts of what `show` says of single points of failure; none for "none".
    """

    found: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


RIGHT = {
    "01-spec-under-metadata": Right(("KK001 error 5",)),
    "02-nat-one-address": Right(("KK104 info 26",), ("KK138",), ("the load balancer at 203.0.113.9",)),
    "02b-nat-haproxy": Right(
        ("KK138 error 8", "KK138 error 9"), ("KK138",), ("203.0.113.9: requests reach every API server",)
    ),
    "03-all-masters-workers-haproxy": Right(("KK119 info 23",)),
    "06-one-node-address": Right(("KK108 warning 11",), (), ("n1 (10.0.0.11)", "n1: the only etcd member")),
    "15b-registry-plainhttp-level": Right(("KK301 warning 40", "KK332 error 45"), ("KK332",)),
    "16-dual-stack-hosts-v4": Right(("KK324 error 37",), ("KK324",)),
    "16b-dual-stack-pods-only": Right(("KK324 warning 37",)),
    "16c-dual-stack-ok": Right(),
    "17b-anonymous-auth-off-haproxy": Right(("KK145 error 33",), ("KK145",), ("nothing answers at 127.0.0.1:6443",)),
    "24b-cilium-no-kubeproxy-haproxy": Right(("KK144 warning 32",), (), ("cp1 (10.0.0.11): Cilium",)),
    "24c-cilium-no-kubeproxy-externaldns": Right(
        ("KK115 warning 26", "KK144 warning 32"), (), ("cp1 (10.0.0.11): every node",)
    ),
    "28-kube-vip-k8s-129": Right(("KK143 error 25",), (), ("nothing answers at 10.0.0.100:6443",)),
    "31-dual-hosts-single-cidr": Right(("KK324 error 7",), ("KK324",)),
    "40-nbsp": Right(("KK001 error 25",)),
    "48-v1alpha1-control-plane": Right(("KK301 info 17",), (), ("the load balancer at 10.0.0.100",)),
    "50-kube-vip-mgmt-nic": Right(
        ("KK138 error 7", "KK138 error 8", "KK138 error 9"), (), ("nothing answers at 10.0.0.100:6443",)
    ),
    "54-registry-port": Right(("KK301 warning 34", "KK332 error 49"), ("KK332",)),
    "62-domain-caps": Right(("KK125 error 25",), ("KK125",), ("the load balancer at 10.0.0.100",)),
    "71-registry-url": Right(("KK332 error 40",), ("KK332",)),
    "72b-kubevip-k3s-proxymode": Right(("KK130 warning 25", "KK308 warning 31", "KK307 error 32"), ("KK132", "KK307")),
    "77-ideographic-space": Right(("KK001 error 26",)),
}


def test_every_case_has_its_answer() -> None:
    assert [file.stem for file in FILES] == sorted(RIGHT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_a_check_finds(file: Path) -> None:
    found = [
        f"{one.id} {one.severity.value} {one.line}"
        for one in check_file(read_config(str(file)), Selection()).findings
        if one.id not in OWNER_ONLY
    ]
    assert tuple(found) == RIGHT[file.stem].found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_a_plan_leaves_and_show_calls_weak(file: Path) -> None:
    """An error that no mode mends stops apply; a single point of failure is never passed over."""
    right = RIGHT[file.stem]
    if right.found[:1] and right.found[0].startswith("KK001"):
        with pytest.raises(KkplanError):
            read(read_config(str(file)))
        return
    reading = read(read_config(str(file)))
    plan = make_plan(reading, Request(mode_named("internal-haproxy"), {}))
    assert tuple(dict.fromkeys(one.id for one in plan.open_findings(Severity.ERROR))) == right.stays
    weak = [point.english for point in survival(reading.subject.cluster, reading.effective).single_points]
    assert len(weak) == len(right.weak), weak
    assert all(part in point for part, point in zip(right.weak, weak, strict=True)), weak


@pytest.mark.parametrize("file", [file for file in FILES if RIGHT[file.stem].stays], ids=lambda file: file.stem)
def test_apply_writes_nothing_where_the_install_would_fail(file: Path, kkplan: Kkplan, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    copy.write_bytes(file.read_bytes())
    done = kkplan("apply", copy.name, "--mode", "internal-haproxy", "--yes")
    assert done.returncode == 1
    assert f"the plan has errors ({', '.join(RIGHT[file.stem].stays)})" in done.stderr.decode()
    assert copy.read_bytes() == file.read_bytes()
