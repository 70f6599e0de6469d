"""How fast a pair fails over: kkplan's own files beside the guide's (`--lb-files guide`), under the real programs. `make bench-failover`.

Each part is a run of `kkplan rehearse`; its JSON is kept in benchmarks/results/, and docs/failover.md and the READMEs' tables are
made of them.
`python -m benchmarks.failover kkplan guide-walk` runs all parts of a pair or one, without arguments all of them;
`--table` only writes the tables anew. Needs root, HAProxy, Keepalived, and nftables for lost adverts.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from kkplan.rehearsal.scenario import scenarios

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
MACHINE = RESULTS / "failover-machine.json"
TABLE = ROOT / "docs" / "failover.md"
RATE = 20  # requests a second, as the guide's figures were measured with

WALK = tuple(scenario.name for scenario in scenarios() if scenario.by_default)
MOVES = ("haproxy-stopped", "link-down", "machine-lost")


class Part(NamedTuple):
    """A run of the rehearsal."""

    pair: str
    name: str
    scenarios: tuple[str, ...]
    repeat: int


PARTS = (
    Part("kkplan", "walk", WALK, 3),
    Part("kkplan", "split", ("split",), 20),
    Part("guide", "walk", WALK, 3),
    Part("kkplan", "long", ("idle-connection", "many-connections"), 3),
    Part("guide", "long", ("idle-connection", "many-connections"), 3),
    # When the VIP moves depends on the phase of the health check, so three runs say little.
    Part("kkplan", "moves", MOVES, 7),
    Part("guide", "moves", MOVES, 7),
    Part("broken", "walk", ("haproxy-stopped",), 3),
    Part("kkplan", "loss", ("packet-loss",), 10),
    Part("kkplan", "load", ("cpu-load",), 10),
)


def write_pairs(folder: Path) -> dict[str, Path]:
    """The folders of the pairs: kkplan's as it writes it, the guide's filled in, and one that cannot fail over."""
    sample = ROOT / "samples" / "keepalived" / "config-sample.yaml"
    folders = {}
    for name, lb_files in (("kkplan", "kkplan"), ("broken", "kkplan"), ("guide", "guide")):
        folders[name] = folder / name
        lbs = ["--lb", "lb1=172.16.0.2,nic=eth0", "--lb", "lb2=172.16.0.3,nic=eth0", "--lb-files", lb_files]
        command = ["apply", "-", "--mode", "keepalived", "--address", "172.16.0.10/24", *lbs, "--yes"]
        subprocess.run(
            [sys.executable, "-m", "kkplan", *command, "--output-dir", str(folders[name])],
            input=sample.read_bytes(),
            capture_output=True,
            check=True,
        )
    for conf in folders["broken"].glob("*/keepalived.conf"):
        # What looks right, passes `keepalived -t`, and never fails over.
        conf.write_text(conf.read_text(encoding="utf-8").replace("    weight 0\n", "    weight 2\n"), encoding="utf-8")
    return folders


def run(part: Part, folder: Path) -> None:
    """Rehearse the part and keep what came of it."""
    wanted = [word for name in part.scenarios for word in ("--scenario", name)]
    command = [sys.executable, "-m", "kkplan", "rehearse", str(folder), *wanted, "--repeat", str(part.repeat)]
    ran = subprocess.run(
        [*command, "--rate", str(RATE), "--format", "json"], stdout=subprocess.PIPE, text=True, check=False
    )
    data = json.loads(ran.stdout)
    RESULTS.mkdir(exist_ok=True)
    machine = {"architecture": platform.machine(), "processors": os.cpu_count()}
    MACHINE.write_text(json.dumps(machine, indent=1) + "\n", encoding="utf-8")
    (RESULTS / f"failover-{part.pair}-{part.name}.json").write_text(
        json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def measured(pair: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The kept steps of the pair by scenario and part."""
    steps: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for file in sorted(RESULTS.glob(f"failover-{pair}-*.json")):
        for step in json.loads(file.read_text(encoding="utf-8"))["steps"]:
            steps.setdefault((step["scenario"], step["part"]), []).append(step)
    return steps


def figure(steps: list[dict[str, Any]], counts: bool) -> str:
    """The worst run: seconds without an answer, or failed requests."""
    if not steps:
        return "–"
    if counts:
        # One that has not ended when the watch does fails on.
        goes_on = any("requests still fail" in problem for step in steps for problem in step["problems"])
        return f"{'≥ ' if goes_on else ''}{max(step['failed'] for step in steps)}"
    if not all(step["outageEnded"] for step in steps):
        return "**never**"
    return f"{max(step['outage'] for step in steps):.2f} s"


def verdict(steps: list[dict[str, Any]]) -> str:
    """How many of the runs a pair survived."""
    return f"{sum(step['status'] != 'failed' for step in steps)} of {len(steps)}" if steps else "–"


def rows() -> Iterator[str]:
    """The table's rows."""
    own, guide = measured("kkplan"), measured("guide")
    yield "| failure | limit | kkplan: worst | guide: worst | kkplan: failed at the return | guide |"
    yield "|---|---|---|---|---|---|"
    for scenario in scenarios():
        key, back = (scenario.name, "fault"), (scenario.name, "repair")
        step = scenario.fault
        counts = step.outage_limit is None or scenario.name == "one-api-server-left"
        limit = (
            f"≤ {step.outage_limit} s"
            if not counts
            else f"≤ {step.failed_limit:g} failed"
            if step.failed_limit
            else "–"
            if step.failed_limit is None
            else "0 failed"
        )
        if not scenario.by_default:
            cells = (verdict(own.get(key, [])), verdict(guide.get(key, [])))
            yield f"| {scenario.title.english} (runs survived) | all | {cells[0]} | {cells[1]} | | |"
            continue
        unit = " failed" if counts else ""
        yield (
            f"| {scenario.title.english} | {limit} | {figure(own.get(key, []), counts)}{unit} | "
            f"{figure(guide.get(key, []), counts)}{unit} | {figure(own.get(back, []), True)} | "
            f"{figure(guide.get(back, []), True)} |"
        )
    heals = own.get(("split", "repair"), [])
    worst = max((step["outage"] for step in heals), default=0)
    guide_heals = guide.get(("split", "repair"), [])
    guide_worst = max((step["outage"] for step in guide_heals), default=0)
    yield (
        f"| A split is healed ({len(heals)} times; the guide's {len(guide_heals)}) | ≤ 0.5 s | {worst:.2f} s | "
        f"{guide_worst:.2f} s | | |"
    )


class Words(NamedTuple):
    """A README's table in its language.

    Attributes:
        head: its first line.
        rows: for each row what failed, the scenarios, and how the two figures are written: `{}` is a figure.
        never: what is said of an outage that does not end.
        survived, lost: of a scenario that a pair survives or does not, in the rows without figures; by scenario.
    """

    head: str
    rows: tuple[tuple[str, tuple[str, ...], str], ...]
    never: str
    survived: dict[str, str]
    lost: dict[str, str]


READMES = {
    "README.md": Words(
        "| failure | kkplan | guide |",
        (
            ("HAProxy stops", ("haproxy-stopped",), "{}"),
            ("HAProxy hangs", ("haproxy-hung",), "{}"),
            ("the VIP holder's link goes down", ("link-down",), "{}"),
            ("the VIP holder's machine dies", ("machine-lost",), "{}"),
            ("Keepalived is stopped", ("keepalived-stopped",), "{}"),
            (
                "one API server stops / hangs / its link goes down",
                ("api-server-stopped", "api-server-hung", "api-server-lost"),
                "{} / {} / {} failed",
            ),
            ("all API servers but one stop", ("one-api-server-left",), "{} failed"),
            ("a connection is silent for 70 s", ("idle-connection",), ""),
            ("4,000 connections at once", ("many-connections",), ""),
        ),
        "never",
        {"idle-connection": "lives", "many-connections": "all live"},
        {"idle-connection": "cut", "many-connections": "refused"},
    ),
    "README.zh-CN.md": Words(
        "| 故障 | kkplan | 官方指南 |",
        (
            ("HAProxy 停止", ("haproxy-stopped",), "{}"),
            ("HAProxy 挂起", ("haproxy-hung",), "{}"),
            ("VIP 持有者的网络链路中断", ("link-down",), "{}"),
            ("VIP 持有者宕机", ("machine-lost",), "{}"),
            ("Keepalived 正常停止", ("keepalived-stopped",), "{}"),
            (
                "一个 API server 停止 / 挂起 / 链路中断",
                ("api-server-stopped", "api-server-hung", "api-server-lost"),
                "失败 {} / {} / {} 个",
            ),
            ("仅剩一个 API server", ("one-api-server-left",), "失败 {} 个"),
            ("连接静默 70 s", ("idle-connection",), ""),
            ("同时 4000 个连接", ("many-connections",), ""),
        ),
        "不切换",
        {"idle-connection": "保持", "many-connections": "全部保持"},
        {"idle-connection": "被切断", "many-connections": "被拒绝"},
    ),
}


def readme_table(name: str) -> str:
    """The README's table, from what was measured: the worst runs."""
    words = READMES[name]
    pairs = (measured("kkplan"), measured("guide"))
    rows = [words.head, "|---|---|---|"]
    for title, names, form in words.rows:
        cells = [_readme_cell(words, names, form, steps) for steps in pairs]
        rows.append(f"| {title} | {' | '.join(cells)} |")
    return "".join(f"{row}\n" for row in rows)


def _readme_cell(
    words: Words, names: tuple[str, ...], form: str, steps: dict[tuple[str, str], list[dict[str, Any]]]
) -> str:
    faults = [steps.get((name, "fault"), []) for name in names]
    if not form:
        survives = faults[0] and all(step["status"] != "failed" for step in faults[0])
        return (words.survived if survives else words.lost)[names[0]]
    figures = [figure(fault, counts=form != "{}") for fault in faults]
    return form.format(*(words.never if "never" in it else it for it in figures))


def write_readmes() -> None:
    """The tables of both READMEs, in the place of those that are there."""
    for name, words in READMES.items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        start = text.index(words.head)
        path.write_text(text[:start] + readme_table(name) + text[text.index("\n\n", start) + 1 :], encoding="utf-8")


def write_table() -> None:
    """docs/failover.md, from what was measured."""
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table_page(), encoding="utf-8")


def table_page() -> str:
    """The text of docs/failover.md."""
    broken = measured("broken").get(("haproxy-stopped", "fault"), [])
    walked = [measured(pair).get((scenario, "fault"), []) for pair in ("kkplan", "guide") for scenario in WALK]
    runs = min(map(len, walked))
    machine = json.loads(MACHINE.read_text(encoding="utf-8"))
    return f"""# How fast the pair fails over

Made by `make bench-failover`, which runs `kkplan rehearse` on kkplan's files and on those of KubeSphere's guide, which
`--lb-files guide` writes ([keepalived.md](keepalived.md#the-guides-own-files)). Real HAProxy and Keepalived in network
namespaces, three control planes, a new TLS connection every {1000 // RATE} ms (± 25 %), each failure at a random moment,
{runs} runs or more unless the row says otherwise. Seconds are the longest time between two answers; "failed" counts requests
of {RATE} a second that began after the failure. The minutes of busy processors and of lost adverts, and the negative control
were measured with equal distances between requests. Measured on a machine with {machine["architecture"]} and {machine["processors"]}
processors, shared with other work.

{chr(10).join(rows())}

The negative control, a pair with `nopreempt` and a weight, which passes `keepalived -t`, survived {verdict(broken)} runs.

kkplan's scenarios of a minute and the negative control were measured before the VIP was /32 (/128) and before the health
check included the server's own address. All other rows, and the healed splits, include runs with today's files.

On machines that boot, with systemd and Debian's packages: [machines.md](machines.md).
"""


def main(arguments: list[str]) -> None:
    """Run the wanted parts, and write the table."""
    with TemporaryDirectory() as folder:
        pairs = write_pairs(Path(folder))
        for part in PARTS if "--table" not in arguments else ():
            if not arguments or part.pair in arguments or f"{part.pair}-{part.name}" in arguments:
                run(part, pairs[part.pair])
    write_table()
    write_readmes()


if __name__ == "__main__":
    main(sys.argv[1:])
