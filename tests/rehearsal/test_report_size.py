"""A rehearsal's report stays short, whatever the pair's files, programs and answers hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath
from threading import Thread
from typing import Any

import pytest

from kkplan.cluster.outage import MOST_HOLDINGS
from kkplan.errors import KkplanError
from kkplan.lab.lb_server import _HAPROXY, _KEEPALIVED, backend_states, own_complaints
from kkplan.lab.machine import one_line
from kkplan.lab.pair import read_pair
from kkplan.locale import T, named
from kkplan.rehearsal.observer import VipRecord
from kkplan.rehearsal.rehearse import Status
from kkplan.render.format import OutputOptions
from kkplan.render.rehearsal.as_json import rehearsal_data
from kkplan.render.rehearsal.as_text import network_text, step_text, summary_text
from tests.rehearsal.conftest import own_pair
from tests.rehearsal.test_hostile_pair import FILES, pair_with
from tests.rehearsal.test_terminal import a_rehearsal, a_result

HUGE = 1 << 20
LONGEST_MESSAGE = 2100
FLAPS = 5000


def record_of_flaps(*lbs: str) -> VipRecord:
    """Each LB server takes the VIP and drops it, again and again, all at once, and takes it at last."""
    record = VipRecord("172.16.0.10")

    def flap(lb: str) -> None:
        for _ in range(FLAPS):
            record.note(lb, "2: ens192    inet 172.16.0.10/32 scope global ens192")
            record.note(lb, "Deleted 2: ens192    inet 172.16.0.10/32 scope global ens192")
        record.note(lb, "2: ens192    inet 172.16.0.10/32 scope global ens192")

    threads = [Thread(target=flap, args=(lb,)) for lb in lbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return record


def test_of_a_vip_that_comes_and_goes_the_newest_holdings_are_kept() -> None:
    record = record_of_flaps("lb1", "lb2", "lb3")
    assert len(record.holdings) == MOST_HOLDINGS
    assert sorted(record.holders()) == ["lb1", "lb2", "lb3"]


STATES = {
    "many servers": "".join(f"b,s{number},UP\n" for number in range(50_000)),
    "a long name": f"b,{'s' * 100_000},UP\n",
    "a long state": f"b,s1,{'DOWN ' * 20_000}\n",
}


@pytest.mark.parametrize("answer", STATES)
def test_haproxys_answer(answer: str) -> None:
    states = backend_states(f"# pxname,svname,status\n{STATES[answer]}")
    assert states
    assert len(json.dumps(states)) < 20_000


@pytest.mark.parametrize("program", [_HAPROXY, _KEEPALIVED])
@pytest.mark.parametrize(
    "said",
    [
        "x" * HUGE,
        "word\n" * (HUGE // 5),
        "[ALERT] : parsing [" * (HUGE // 20),
        "[ALERT]    (7) : config : parsing [haproxy.cfg:" + "9" * 10_000 + "] : unknown",
        f"(Line {'9' * 10_000}) Unknown keyword",
    ],
)
def test_what_a_program_says(program: Any, said: str) -> None:
    lines, place = own_complaints(program, said, FILES)
    assert len(str(one_line("\n".join(lines)))) < LONGEST_MESSAGE
    assert place is None or int(place["line"]) < HUGE * 10


def test_many_empty_lines_take_no_time() -> None:
    """Proof by running: a search that begins anew at each of them takes an hour."""
    files = (FILES[0]._replace(content="\n" * HUGE), FILES[1])
    assert own_complaints(_KEEPALIVED, "(Line 6) Unknown keyword 'x'", files)[0]


LONG_LIST = ",".join(["10.0.0.1"] * (HUGE // 10))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("haproxy.cfg", "server master1 ", f"server {'m' * 254} "),
        ("haproxy.cfg", "172.16.0.21:6443", f"{LONG_LIST}:6443"),
        ("haproxy.cfg", "172.16.0.21:6443", f"fd00::1%{LONG_LIST}:6443"),
        ("keepalived.conf", "ens192", LONG_LIST),
        ("keepalived.conf", "172.16.0.10/32", LONG_LIST),
        ("keepalived.conf", "unicast_src_ip 172.16.0.2", f"unicast_src_ip {LONG_LIST}"),
        ("keepalived.conf", "unicast_src_ip 172.16.0.2", f"unicast_src_ip {LONG_LIST}%a"),
    ],
)
def test_what_a_message_quotes_of_the_files(path: str, old: str, new: str) -> None:
    with pytest.raises(KkplanError) as raised:
        read_pair(pair_with(path, old, new), "kkplan-out")
    assert len(str(raised.value)) < LONGEST_MESSAGE


def test_the_whole_report_of_a_pair_made_for_it() -> None:
    """16 LB servers and 32 API servers with the longest names, and the most that is kept of all else."""
    files = [
        it._replace(path=str(PurePosixPath("n" * 250 + path.parts[0], *path.parts[1:])))
        for it in own_pair(lbs=16, control_planes=32)
        for path in [PurePosixPath(it.path)]
        if len(path.parts) == 2 and path.parts[0].startswith("lb")
    ]
    files = [it._replace(content=it.content.replace("server master", f"server {'m' * 240}")) for it in files]
    # The ninth LB server's own address is that of the VIP.
    files = [it._replace(content=it.content.replace("172.16.0.10/32", "172.16.0.200/32")) for it in files]
    network = read_pair(files, "kkplan-out")
    names = [member.name for member in network.members]
    states = backend_states("# pxname,svname,status\n" + "".join(f"b,{n:200},{n:200}\n" for n in range(2000)))
    result = replace(
        a_result(),
        title=T("HAProxy stopped on {lb}", lb=named(names[0])),
        holdings=tuple(record_of_flaps(*names).holdings),
        backends=tuple((name, tuple(states.items())) for name in names),
        note=T("each held the VIP: {lbs}", lbs=named(", ".join(names))),
        problems=(T("{said}", said=one_line("x" * HUGE)),) * len(names),
        status=Status.FAILED,
    )
    text = (
        network_text(network, OutputOptions())
        + step_text(result, OutputOptions())
        + summary_text(a_rehearsal(network, [result]), OutputOptions())
    )
    assert len(text) < 150_000
    assert len(json.dumps(rehearsal_data(a_rehearsal(network, [result])))) < 250_000
