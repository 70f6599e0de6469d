"""`kkplan rehearse` as a person runs it: the real HAProxy and Keepalived fail over in a lab, and nothing is left of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kkplan.disk.bundle_files import read_bundle_files
from kkplan.plan.artifact import Artifact
from kkplan.rehearsal.scenario import VipExpectation, scenarios
from kkplan.use.schemas import schema_problem
from tests.rehearsal.conftest import HAND_MADE, Write, needs_lab, own_pair

pytestmark = needs_lab
needs_killall = pytest.mark.skipif(shutil.which("killall") is None, reason="not installed: killall")
COMMAND = [sys.executable, "-m", "kkplan.cli.main", "rehearse"]


def rehearse(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Run it to its end; the exit code, and what it printed as JSON, which has the form that its schema wants."""
    ran = subprocess.run(
        [*COMMAND, *map(str, arguments), "--format", "json"], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.stdout, ran.stderr
    data: dict[str, Any] = json.loads(ran.stdout)
    assert schema_problem(data, "rehearsal") is None
    return ran.returncode, data


def side_by_side(*runs: tuple[str | Path, ...]) -> list[tuple[int, dict[str, Any]]]:
    """Rehearsals that wait more than they work, all at once."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda arguments: rehearse(*arguments, "--rate", "20"), runs))


def steps(data: dict[str, Any], scenario: str) -> dict[str, dict[str, Any]]:
    """The scenario's steps by their part."""
    return {step["part"]: step for step in data["steps"] if step["scenario"] == scenario}


def holder(step: dict[str, Any]) -> str:
    """The one LB server that has the VIP at the end of the step."""
    (holding,) = [holding for holding in step["vip"] if holding["until"] is None]
    return str(holding["lb"])


def test_kkplans_own_pair_survives_the_whole_walk(written: Write) -> None:
    code, data = rehearse(written(own_pair()))
    assert [step["problems"] for step in data["steps"] if step["status"] == "failed"] == []
    assert (code, data["survived"]) == (0, True)
    assert all(data["versions"].values())
    assert [(file["path"], file["sha256"]) for file in data["files"]] == sorted(
        (file.path, sha256(file.content.encode()).hexdigest())
        for file in own_pair()
        if file.path.count("/") == 1 and file.path.startswith("lb")
    )
    before = holder(steps(data, "start")["start"])
    assert before == "lb1"
    for scenario in scenarios():
        if not scenario.by_default:
            continue
        played = steps(data, scenario.name)
        assert played["fault"]["outageEnded"]
        assert played["fault"]["requests"] > 0
        if scenario.fault.vip is VipExpectation.MOVES:
            assert holder(played["fault"]) != before
        after = holder(played["repair"])
        if VipExpectation.ANY not in (scenario.fault.vip, scenario.repair.vip):
            assert after == holder(played["fault"]), "the VIP came back"
        before = after
        states = [state for servers in played["repair"]["backends"].values() for state in servers.values()]
        assert len(states) == 6
        assert all(state.startswith("UP") for state in states)


@pytest.mark.thorough
def test_an_ipv6_pair_of_three_with_one_control_plane(written: Write) -> None:
    folder = written(own_pair("ipv6", lbs=3, control_planes=1))
    code, data = rehearse(folder, "--scenario", "link-down", "--scenario", "haproxy-stopped")
    assert code == 0
    assert [steps(data, name)["fault"]["outageEnded"] for name in ("link-down", "haproxy-stopped")] == [True, True]


def different(path: str, old: str, new: str) -> tuple[Artifact, ...]:
    """kkplan's pair with something else in one file."""
    files = tuple(it._replace(content=it.content.replace(old, new)) if it.path == path else it for it in own_pair())
    assert files != own_pair()
    return files


WRONG_FROM_THE_START = {
    "more than one LB server holds the VIP": different(
        "lb2/keepalived.conf", "virtual_router_id 60", "virtual_router_id 61"
    ),
    "Keepalived on lb2 is in state ": different("lb2/check-haproxy.sh", "#!/bin/bash", "#!/bin/bash\nexit 1"),
    "HAProxy on lb2 cannot reach": different(
        "lb2/haproxy.cfg", "check-ssl verify none", "check-ssl verify none port 1"
    ),
}


def test_a_pair_that_is_wrong_from_the_start_is_not_tried_further(written: Write) -> None:
    """It might look well by luck. Each is waited for half a minute, so all at once."""
    folders = [written(files, f"pair{number}") for number, files in enumerate(WRONG_FROM_THE_START.values())]
    results = side_by_side(*((folder, "--scenario", "split") for folder in folders))
    for problem, (code, data) in zip(WRONG_FROM_THE_START, results, strict=True):
        assert (code, data["survived"]) == (1, False), problem
        (start,) = data["steps"]
        assert problem in start["problems"][0]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            different("lb2/keepalived.conf", "virtual_router_id 60", "virtual_router_id 1060"),
            "lb2/keepalived.conf:{line}: `keepalived -t` rejects it: (/etc/keepalived/keepalived.conf: Line {line}) number '1060' outside range [1, 255]",
        ),
        (
            different("lb2/haproxy.cfg", "    timeout connect", "    timeout conect"),
            "lb2/haproxy.cfg:{line}: `haproxy -c` rejects it: [ALERT]",
        ),
    ],
)
def test_files_that_a_program_refuses_are_not_played(files: tuple[Artifact, ...], words: str, written: Write) -> None:
    folder = written(files)
    ran = subprocess.run(
        [*COMMAND, str(folder), "--format", "json"], capture_output=True, text=True, timeout=60, check=False
    )
    changed = next(it for it, own in zip(files, own_pair(), strict=True) if it != own)
    lines = zip(
        changed.content.splitlines(),
        next(it for it in own_pair() if it.path == changed.path).content.splitlines(),
        strict=True,
    )
    line = next(number for number, (now, before) in enumerate(lines, 1) if now != before)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert words.format(line=line) in ran.stderr
    assert "--anyway" in ran.stderr


@needs_killall
def test_the_guides_pair_does_what_kk203_says(written: Write) -> None:
    """Both programs accept its files; a hung HAProxy is not noticed, a stopped one is, seconds later."""
    hangs, stops = side_by_side(
        (written(own_pair(is_guide=True), "hangs"), "--scenario", "haproxy-hung"),
        (written(own_pair(is_guide=True), "stops"), "--scenario", "haproxy-stopped"),
    )
    code, data = hangs
    fault = steps(data, "haproxy-hung")["fault"]
    assert (code, data["survived"], fault["status"], fault["outageEnded"]) == (1, False, "failed", False)
    assert any(problem.startswith("the VIP stayed on ") for problem in fault["problems"])
    fault = steps(stops[1], "haproxy-stopped")["fault"]
    assert (fault["status"], fault["outageEnded"]) == ("over-limit", True)


@pytest.mark.thorough
def test_each_of_three_servers_holds_the_vip_once(written: Write) -> None:
    """The walk's failures need two of them only."""
    code, data = rehearse(written(own_pair(lbs=3)), "--scenario", "each-lb-server")
    assert code == 0, [step["problems"] for step in data["steps"]]
    assert {holding["lb"] for holding in steps(data, "each-lb-server")["fault"]["vip"]} == {"lb1", "lb2", "lb3"}


def test_check_scripts_change_nothing_outside(written: Write, tmp_path: Path) -> None:
    """They are anyone's programs, and run as root."""
    escaped = tmp_path / "escaped"
    attempts = f"touch {escaped} /dev/shm/kkplan-escaped; echo 0 >/proc/sys/kernel/printk_delay && touch /run/written"
    code, _ = rehearse(
        written(different("lb1/check-haproxy.sh", "#!/bin/bash", f"#!/bin/bash\n{attempts}")),
        "--scenario",
        "keepalived-stopped",
    )
    assert code == 0
    assert not escaped.exists()
    assert not Path("/dev/shm/kkplan-escaped").exists()


@pytest.mark.thorough
def test_pairs_that_never_fail_over_are_found_out(written: Write) -> None:
    """What looks right and passes `keepalived -t`. Each is waited for, so all at once."""
    weight = tuple(it._replace(content=it.content.replace("    weight 0\n", "    weight 2\n")) for it in own_pair())
    assert weight != own_pair()
    # An editor's on Windows: there is no program /bin/bash\r, and what Keepalived cannot start has succeeded for it.
    crlf = different("lb1/check-haproxy.sh", "\n", "\r\n")
    unwaited = tuple(it._replace(content=it.content.replace("ExecStartPre=", "# ")) for it in crlf)
    *broken, waits = side_by_side(
        (written(weight, "weight"), "--scenario", "haproxy-stopped"),
        (written(unwaited, "unwaited"), "--scenario", "haproxy-stopped"),
        (written(crlf, "crlf"), "--scenario", "haproxy-stopped"),  # systemd does not start Keepalived at all
    )
    for code, data in broken:
        fault = steps(data, "haproxy-stopped")["fault"]
        assert (code, data["survived"], fault["status"]) == (1, False, "failed")
        assert "the VIP stayed on lb1" in fault["problems"]
        assert not fault["outageEnded"]
    code, data = waits
    assert (code, data["survived"]) == (1, False)
    assert steps(data, "start")["start"]["problems"] == ["Keepalived on lb1 is in state -"]


@pytest.mark.thorough
def test_a_hand_made_pair_and_its_repair(written: Write) -> None:
    """With multicast, a weight of its own, and no file of kkplan. docs/rehearse.md has both outcomes."""
    files = read_bundle_files(HAND_MADE)
    repaired = tuple(
        it._replace(content=it.content.replace("interval 3", "interval 1").replace("fall 10", "fall 2")) for it in files
    )
    (code, broken), (code_after, better) = side_by_side(
        (HAND_MADE, "--scenario", "haproxy-stopped"), (written(repaired, "better"), "--scenario", "haproxy-stopped")
    )
    assert (code, code_after) == (1, 0)
    assert broken["network"]["lbs"][0] == {
        "name": "lb1",
        "address": "10.20.0.1",
        "addressIsMadeUp": True,
        "nic": "ens192",
    }
    assert "the VIP stayed on lb1" in str(steps(broken, "haproxy-stopped")["fault"]["problems"])
    assert holder(steps(better, "haproxy-stopped")["fault"]) == "lb2"


def test_two_rehearsals_side_by_side_do_not_disturb_each_other(written: Write) -> None:
    command = [*COMMAND, str(written(own_pair())), "--scenario", "haproxy-stopped", "--format", "json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    results = [json.loads(process.communicate(timeout=120)[0]) for process in running]
    assert [result["survived"] for result in results] == [True, True]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9), (signal.SIGHUP, 129)]
)
def test_nothing_is_left_when_it_is_interrupted(written: Write, sent: signal.Signals, code: int) -> None:
    before = host_state()
    # A long one: it must not end before the signal comes, however busy this machine is.
    command = [*COMMAND, str(written(own_pair())), "--scenario", "idle-connection"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    assert any("ok " in line for line in lines)  # both services run
    inside = descendants(process.pid)
    assert len(inside) > 10
    process.send_signal(sent)
    process.stdout.close()
    assert process.wait(timeout=20) == code
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in inside) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in inside if Path(f"/proc/{pid}").exists()] == []
    assert host_state() == before


@pytest.mark.sampled(4)
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_nothing_is_left_of_a_network_that_is_half_built(written: Write, sent: signal.Signals) -> None:
    folder = written(own_pair())
    for number in range(5):
        process = subprocess.Popen([*COMMAND, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while len(descendants(process.pid)) < 3 * number and time.monotonic() < deadline:
            time.sleep(0.01)
        inside = descendants(process.pid)
        process.send_signal(sent)
        process.wait(timeout=20)
        while any(Path(f"/proc/{pid}").exists() for pid in inside) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [pid for pid in inside if Path(f"/proc/{pid}").exists()] == []


def test_a_saved_plan_can_be_rehearsed_before_it_is_applied(tmp_path: Path, config: Path) -> None:
    lbs = ["--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3"]
    plan = [
        sys.executable,
        "-m",
        "kkplan.cli.main",
        "plan",
        str(config),
        "--mode",
        "keepalived",
        "--address",
        "172.16.0.10",
    ]
    subprocess.run([*plan, *lbs, "--out", str(tmp_path / "ha.plan")], check=True, capture_output=True)
    code, data = rehearse(tmp_path / "ha.plan", "--scenario", "keepalived-stopped")
    assert (code, data["network"]["vip"]) == (0, "172.16.0.10")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("kkplan")) == []


def descendants(pid: int) -> set[int]:
    """The process's children and theirs; one that ends meanwhile has none."""
    children: set[int] = set()
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children.update(map(int, (task / "children").read_text(encoding="ascii").split()))
    return children.union(*(descendants(child) for child in children))


def host_state() -> tuple[str, list[str], list[tuple[str, int]]]:
    """What a rehearsal must not touch: network devices, mounts, the programs' files."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
    folders = [Path("/etc/haproxy"), Path("/etc/keepalived"), Path("/var/lib/haproxy"), Path("/run")]
    # Tests that run beside this one have mounts of their own elsewhere.
    mounts = [
        line
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        if line.split()[1] in map(str, folders)
    ]
    names = [(str(path), path.stat().st_mtime_ns) for folder in folders for path in sorted(folder.glob("*aproxy*"))]
    return links, mounts, names


def test_descendants_are_found() -> None:
    """Proof that the test above can fail."""
    process = subprocess.Popen(["sleep", "10"])
    assert process.pid in descendants(os.getpid())
    process.kill()
    process.wait()
