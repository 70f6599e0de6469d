"""How long clients go without an answer on machines that boot: docs/machines.md. `make bench-machines`.

Each part is a walk of tests/machines; what came of its steps is kept in benchmarks/results/, and the page is made of that.
`python -m benchmarks.machines bookworm trixie-power` runs all parts of a release or one, without arguments all of them;
`--table` only writes the page anew, `--repeat N` runs each scenario so often. Ends with 1 where a limit was exceeded.
Needs root, and what tests/machines needs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.rehearsal.scenario import Scenario
from tests.machines.root_fs import RELEASES, RootFs, root_fs
from tests.machines.scenarios import (
    LIMITS,
    NETWORK_RESTARTS,
    ON_HOLDER,
    POWER_ON,
    POWER_ON_LIMIT,
    POWER_ON_NAMES,
    of_rehearsal,
)
from tests.machines.server import Networking
from tests.machines.walk import walk

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "machines.md"
NAMES = {"bullseye": "Debian 11", "bookworm": "Debian 12", "trixie": "Debian 13"}
PROGRAMS = ("systemd", "haproxy", "keepalived")


class Part(NamedTuple):
    """A walk.

    Attributes:
        scenarios: in its order.
        networking: who gives the machines their addresses.
    """

    scenarios: tuple[Scenario, ...]
    networking: Networking = Networking.IFUPDOWN


PARTS = {
    "rehearsal": Part(of_rehearsal([scenario.name for scenario in of_rehearsal() if scenario.by_default])),
    "holder": Part((*ON_HOLDER, *NETWORK_RESTARTS[Networking.IFUPDOWN])),
    "networkd": Part(NETWORK_RESTARTS[Networking.NETWORKD], Networking.NETWORKD),
    "power": Part(POWER_ON[:-1]),
    "late": Part(POWER_ON[-1:]),
}
# With one advert a second, as install.sh has it there, a silent server is found out 2.3 s later (three adverts and the skew,
# in place of 0.9 s), and one that hands the VIP over is followed 0.2 s later (the skew, RFC 5798, 6.1).
SLOW_KEEPALIVED = ("bullseye",)
SILENT, HANDED_OVER = 2.3, 0.2
SLOWER = {
    **dict.fromkeys(("link-down", "machine-lost", *POWER_ON_NAMES), SILENT),
    **dict.fromkeys(("haproxy-stopped", "haproxy-hung"), HANDED_OVER),
}


def run(release: RootFs, name: str, repeat: int) -> None:
    """Walk the part, and keep what came of it."""
    part = PARTS[name]
    load = os.getloadavg()[0]
    steps = [
        {
            "scenario": result.scenario,
            "part": result.part,
            "run": result.run,
            "status": result.status.value,
            "outage": round(result.outage.seconds, 3),
            "outageEnded": result.outage.ended,
            "failed": result.failed + result.cut,
            "servedAfter": None if served_after is None else round(served_after, 3),
            "problems": [str(problem) for problem in result.problems],
        }
        for result, served_after in walk(release, part.scenarios, part.networking, repeat)
    ]
    data = {
        "date": f"{datetime.now(tz=timezone.utc):%Y-%m-%d}",
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
        "load": round(load, 1),
        "versions": versions(release),
        "steps": steps,
    }
    path = RESULTS / f"machines-{release.release}-{name}.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def versions(release: RootFs) -> dict[str, str]:
    """The packages' versions as the machine's and the archive's lists have them."""
    found: dict[str, str] = {}
    for file in (release.root / "var/lib/dpkg/status", release.archive / "Packages"):
        for stanza in file.read_text(encoding="utf-8").split("\n\n"):
            fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and line[0] != " ")
            if fields.get("Package") in PROGRAMS:
                found[fields["Package"]] = fields["Version"].rpartition(":")[2]
    return found


def kept(release: str, name: str) -> dict[str, Any]:
    """What a part came to; without steps where it was not run."""
    path = RESULTS / f"machines-{release}-{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"steps": []}


def steps_of(release: str, name: str, scenario: str, part: str = "fault") -> list[dict[str, Any]]:
    """The runs of a scenario's step."""
    steps = kept(release, name)["steps"]
    return [step for step in steps if (step["scenario"], step["part"]) == (scenario, part)]


def releases() -> list[str]:
    """Those with results."""
    return [release for release in RELEASES if any(kept(release, name)["steps"] for name in PARTS)]


def outage(steps: Sequence[dict[str, Any]]) -> str:
    """The worst run: seconds without an answer."""
    if not steps:
        return "–"
    if any(step["status"] == "failed" for step in steps):
        return f"**{sum(step['status'] == 'failed' for step in steps)} of {len(steps)} failed**"
    return f"{max(step['outage'] for step in steps):.2f}"


def answer_after(steps: Sequence[dict[str, Any]]) -> str:
    """The worst run: seconds until the VIP answers."""
    if not steps:
        return "–"
    if any(step["servedAfter"] is None for step in steps):
        return "**never**"
    return f"{max(step['servedAfter'] for step in steps):.2f}"


def limit_of(release: str, scenario: str) -> float | None:
    """Seconds that a failure, or the wait after power-on, may last there."""
    limit = POWER_ON_LIMIT if scenario in POWER_ON_NAMES else LIMITS.get(scenario)
    return limit + SLOWER.get(scenario, 0.0) if limit is not None and release in SLOW_KEEPALIVED else limit


def over_limits() -> Iterator[str]:
    """What failed, and each figure that is over its limit."""
    for release in releases():
        for name in PARTS:
            for step in kept(release, name)["steps"]:
                where = f"{NAMES[release]}, {step['scenario']}, {step['part']}"
                if step["status"] == "failed":
                    yield f"{where}: {', '.join(step['problems'])}"
                limit = limit_of(release, step["scenario"]) if step["part"] == "fault" else None
                seconds = step["servedAfter"] if step["scenario"] in POWER_ON_NAMES else step["outage"]
                if limit is not None and (seconds is None or seconds > limit):
                    yield f"{where}: {seconds} s without an answer, more than {limit} s"
                if (step["scenario"], step["part"]) == ("haproxy-reloaded", "fault") and step["failed"]:
                    yield f"{where}: {step['failed']} requests failed"


def _rows(found: Sequence[str]) -> Iterator[str]:
    head = " | ".join(NAMES[release] for release in found)
    lines = "|---" * (len(found) + 2) + "|"
    yield from (f"| failure | limit | {head} |", lines)
    for name in ("rehearsal", "holder", "networkd"):
        for scenario in PARTS[name].scenarios:
            limit = LIMITS.get(scenario.name)
            cells = [outage(steps_of(release, name, scenario.name)) for release in found]
            shown = f"≤ {limit} s" if limit else ""
            if scenario.name == "haproxy-reloaded":
                shown = "0 failed"
                cells = [
                    f"{cell}, {max(step['failed'] for step in steps)} failed" if steps else cell
                    for cell, release in zip(cells, found, strict=True)
                    for steps in [steps_of(release, name, scenario.name)]
                ]
            yield f"| {scenario.title.english} | {shown} | {' | '.join(cells)} |"


def _power_rows(found: Sequence[str]) -> Iterator[str]:
    head = " | ".join(NAMES[release] for release in found)
    yield from (f"| what comes late | limit | {head} |", "|---" * (len(found) + 2) + "|")
    for scenario in POWER_ON:
        name = next(name for name, part in PARTS.items() if scenario in part.scenarios)
        cells = [answer_after(steps_of(release, name, scenario.name)) for release in found]
        yield f"| {scenario.title.english} | ≤ {POWER_ON_LIMIT:g} s | {' | '.join(cells)} |"


def _machines(found: Sequence[str]) -> Iterator[str]:
    yield f"| | {' | '.join(PROGRAMS)} | measured | runs of each | load average before it |"
    yield "|---" * (len(PROGRAMS) + 4) + "|"
    for release in found:
        parts = [data for name in PARTS if (data := kept(release, name))["steps"]]
        shown = " | ".join(parts[0]["versions"][program] for program in PROGRAMS)
        runs = min(max(step["run"] for step in data["steps"]) for data in parts)
        loads = f"{min(data['load'] for data in parts)} to {max(data['load'] for data in parts)}"
        yield f"| {NAMES[release]} | {shown} | {max(data['date'] for data in parts)} | {runs} | {loads} |"


def page() -> str:
    """The text of docs/machines.md."""
    found = releases()
    first = next(kept(found[0], name) for name in PARTS if kept(found[0], name)["steps"])
    return f"""# The pair on machines that boot

Made by `make bench-machines`. Two LB servers boot under systemd-nspawn from Debian's own packages, each in a network
namespace of its own; install.sh sets them up, unchanged. Behind them are three stand-ins for API servers, and a client makes
a new TLS connection to the VIP every 50 ms, give or take a quarter. Each failure comes at a random moment. A figure is the worst of all
runs. Both machines share {first["processors"]} processors ({first["architecture"]}) with everything else: a high load average means
that a figure is an upper bound.

{chr(10).join(_machines(found))}

## Failures

Seconds between two answers, at most. "The holder" is the LB server that has the VIP. After each failure exactly one server
holds the VIP, the other one stands by, and both have their own addresses.

{chr(10).join(_rows(found))}

Keepalived before 2.2.3, as in Debian 11, does not know `down_timer_adverts`: install.sh gives it one advert a second, and says so.
The other server then takes over after three seconds and not after one. For what waits for that (a lost link, a lost machine,
power-on), the limits are {SILENT} s longer there; where the VIP is handed over (HAProxy stops or hangs), {HANDED_OVER} s.

A paused machine does not answer at all, and neither does its network; it keeps the VIP until it runs on, and gives it up then.

## Power-on

Both machines lose power at once and are switched on again. Seconds from the moment at which the first server has NIC, address and
HAProxy to the first answer from the VIP.

{chr(10).join(_power_rows(found))}

## What else is tried

`make test-machines` runs all of it on each release; `make test-all` runs the short part on Debian 12.

- install.sh on both servers, fresh, again (no file, package or service changes), with `--dry-run`, with `--uninstall`, and again.
- A site with an APT mirror, and one without, where the packages come from a medium.
- The runbook's commands over SSH as they stand; the playbooks as root, and as a user who needs sudo with a password.
- install.sh killed, hung up, or cut off by a power failure at random moments, and on a disk that fills: the same command completes the
  work.
- ufw and firewalld, active before install.sh: clients and VRRP get through.

## What is not proven

- **RHEL, openEuler, SUSE, Kylin** and their relatives: no machine of them has booted here. Their packages, units and paths
  are those that their documentation describes.
- **SELinux.** install.sh sets the booleans and labels that haproxy_selinux(8) and keepalived_selinux(8) name; no enforcing kernel has
  run it.
- **Real switches and NICs.** The network is a Linux bridge with virtual cables. Switches that learn MAC addresses slowly, filter ARP or
  block VRRP, and drivers that lose their link late, behave otherwise.
- **Virtual machines and clouds.** The machines share one kernel. A pause stops their processes and their network, not their
  clock.
- **Disks.** They are in memory: power that goes loses nothing that was written.
- **kube-apiserver.** A stand-in answers in its place.
"""


def main(arguments: Sequence[str]) -> int:
    """Run the wanted parts, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    # No `choices`: with "*", argparse would hold the empty list against them.
    parser.add_argument("wanted", nargs="*")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args(arguments)
    known = {*RELEASES, *(f"{release}-{name}" for release in RELEASES for name in PARTS)}
    unknown = sorted(set(given.wanted) - known)
    if unknown:
        parser.error(f"unknown {', '.join(unknown)}. Choose from: {', '.join(sorted(known))}")
    for release in () if given.table else RELEASES:
        for name in PARTS:
            if not given.wanted or release in given.wanted or f"{release}-{name}" in given.wanted:
                run(root_fs(release), name, given.repeat)
    PAGE.write_text(page(), encoding="utf-8")
    problems = list(over_limits())
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
