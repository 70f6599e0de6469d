"""The same edit by kkplan and by what one would take instead: time, memory and growth. Writes docs/benchmarks.md.

Run from the repository: `make bench`. Peers that are not installed are left out and named. Every program is started
anew for each measurement, and all take turns in each round, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import argparse
import compileall
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "editor.json"
PAGE = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "benchmarks.svg"

SIZES = (3, 100, 1_000, 5_000, 20_000)
STYLES = ("flow", "block")
ROUNDS = {3: 9, 100: 7, 1_000: 5, 5_000: 3, 20_000: 3}
ONCE = 9  # seconds: a start that takes longer is not repeated

_KEY = "internalLoadbalancer"
_RUAMEL = f"""
import sys
from ruamel.yaml import YAML
yaml = YAML()
with open(sys.argv[1]) as file:
    data = yaml.load(file)
data["spec"]["controlPlaneEndpoint"]["{_KEY}"] = "haproxy"
yaml.dump(data, sys.stdout)
"""
_NPM = f"""
const YAML = require('yaml'), fs = require('fs')
const text = fs.readFileSync(process.argv[1], 'utf8')
const document = YAML.parseDocument(text)
document.setIn(['spec', 'controlPlaneEndpoint', '{_KEY}'], 'haproxy')
process.stdout.write(document.toString())
"""
_KKPLAN = (sys.executable, "-m", "kkplan")
_PLAN = ("plan", "--mode", "internal-haproxy")
PASS, VERSION, COMPLETION, PLAN, RUAMEL, YQ, GO_YQ, NPM = (
    "python -c pass",
    "kkplan --version",
    "kkplan completion bash",
    "kkplan plan",
    "ruamel.yaml, load and dump",
    "Debian's yq",
    "mikefarah yq",
    "npm yaml",
)
_EXPRESSION = f'.spec.controlPlaneEndpoint.{_KEY} = "haproxy"'


@dataclass(frozen=True)
class Peer:
    """A program that makes the edit; the config's name comes behind the command.

    Attributes:
        takes_file: False for what is started with nothing to do, to compare the start alone; at the first size only.
    """

    name: str
    command: tuple[str, ...]
    takes_file: bool = True


@dataclass(frozen=True)
class Measured:
    """The median of some starts: seconds, and the largest memory in MiB that the process had."""

    peer: str
    style: str
    hosts: int
    seconds: float
    mebibytes: float
    starts: int


def peers(go_yq: str, npm: str) -> list[Peer]:
    """The programs that are installed."""
    python = sys.executable
    found = [
        Peer(PASS, (python, "-c", "pass")),
        Peer(VERSION, (*_KKPLAN, "--version"), takes_file=False),
        Peer(COMPLETION, (*_KKPLAN, "completion", "bash"), takes_file=False),
        Peer(PLAN, (*_KKPLAN, *_PLAN)),
        Peer("kkplan plan, pure Python", ("env", "KKPLAN_YAML=pure", *_KKPLAN, *_PLAN)),
        # What the config is without an endpoint is an error, and would end the check with exit code 1.
        Peer("kkplan check", (*_KKPLAN, "check", "--ignore", "KK102")),
        Peer(RUAMEL, (python, "-c", _RUAMEL)),
    ]
    if shutil.which("yq"):
        found.append(Peer(YQ, ("yq", "-y", _EXPRESSION)))
    if go_yq:
        found.append(Peer(GO_YQ, (go_yq, _EXPRESSION)))
    if npm:
        found.append(Peer(NPM, ("node", "-e", f"module.paths.push({npm!r});{_NPM}")))
    return found


def config(hosts: int, style: str) -> str:
    """A config as `kk create config` writes it, with so many hosts."""
    lines = ["apiVersion: kubekey.kubesphere.io/v1alpha2", "kind: Cluster", "metadata:", "  name: sample", "spec:"]
    lines.append("  hosts:")
    for number in range(1, hosts + 1):
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        fields = [f"name: node{number}", f"address: {address}", f"internalAddress: {address}"]
        fields += ["user: ubuntu", 'password: "Qcloud@123"']
        lines.append("  - " + ("{" + ", ".join(fields) + "}" if style == "flow" else "\n    ".join(fields)))
    lines += ["  roleGroups:", "    etcd:", *(f"    - node{number}" for number in (1, 2, 3))]
    lines += ["    control-plane:", *(f"    - node{number}" for number in (1, 2, 3))]
    lines += ["    worker:", *(f"    - node{number}" for number in range(1, hosts + 1))]
    lines += ["  controlPlaneEndpoint:", "    ## Internal loadbalancer for apiservers", f"    # {_KEY}: haproxy", ""]
    lines += ["    domain: lb.kubesphere.local", '    address: ""', "    port: 6443"]
    lines += ["  kubernetes:", "    version: v1.23.10"]
    return "\n".join(lines) + "\n"


def start(command: tuple[str, ...], folder: str) -> tuple[float, float]:
    """Run the command to its end: seconds, and its largest memory in MiB.

    Raises:
        RuntimeError: it failed; what it says is in the message.
    """
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(f"{command[0]}: {errors.read().decode(errors='replace')[-300:]}")
    return seconds, usage.ru_maxrss / 1024


def measure(contenders: list[Peer], sizes: tuple[int, ...], folder: str) -> Iterator[Measured]:
    """Every peer on every size and style, taking turns in each round."""
    for hosts in sizes:
        for style in STYLES:
            name = f"{style}-{hosts}.yaml"
            Path(folder, name).write_text(config(hosts, style), encoding="utf-8")
            playing = [peer for peer in contenders if peer.takes_file or hosts == sizes[0]]
            taken: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in playing}
            for _ in range(ROUNDS[hosts]):
                for peer in playing:
                    is_too_slow = taken[peer.name] and taken[peer.name][0][0] > ONCE
                    if not is_too_slow:
                        taken[peer.name].append(start((*peer.command, *(name,) * peer.takes_file), folder))
            for peer in playing:
                seconds, memory = zip(*taken[peer.name], strict=True)
                yield Measured(
                    peer.name, style, hosts, statistics.median(seconds), statistics.median(memory), len(seconds)
                )


def exponent(rows: list[Measured], peer: str, style: str) -> float | None:
    """The growth from 5,000 to 20,000 hosts as a power of the size, the time for 3 hosts subtracted."""
    times = {row.hosts: row.seconds for row in rows if (row.peer, row.style) == (peer, style)}
    if not {3, 5_000, 20_000} <= times.keys():
        return None
    return math.log((times[20_000] - times[3]) / (times[5_000] - times[3])) / math.log(4)


def tables(rows: list[Measured]) -> Iterator[str]:
    """The page's tables, one for each style."""
    names = list(dict.fromkeys(row.peer for row in rows))
    sizes = sorted({row.hosts for row in rows})
    for style in STYLES:
        yield f"\n## Hosts in {style} style: milliseconds (peak MiB)\n\n"
        yield "| | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |\n"
        yield "|---" * (len(sizes) + 2) + "|\n"
        for name in names:
            cells = [
                f"{row.seconds * 1000:,.0f} ({row.mebibytes:,.0f})"
                for row in rows
                if (row.peer, row.style) == (name, style)
            ]
            cells += [""] * (len(sizes) - len(cells))
            growth = exponent(rows, name, style) if name != PASS else None
            yield f"| {name} | " + " | ".join(cells) + f" | {f'{growth:.2f}' if growth is not None else ''} |\n"


@dataclass(frozen=True)
class Aim:
    """A ratio to stay under or to come over: of the medians of two peers, at some sizes."""

    what: str
    peer: str
    other: str
    hosts: int
    limit: float
    other_hosts: int = 0
    inverse: bool = False

    def row(self, rows: list[Measured]) -> str | None:
        """The line of the table; None where one of them was not measured."""
        times = {(row.peer, row.style, row.hosts): row.seconds for row in rows}
        found = []
        for style in STYLES:
            own = times.get((self.peer, style, self.hosts))
            others = times.get((self.other, style, self.other_hosts or self.hosts))
            if own is None or others is None:
                return None
            found.append(others / own if self.inverse else own / others)
        sign = "at least" if self.inverse else "at most"
        return f"| {self.what} | {sign} {self.limit:g} | " + " | ".join(f"{ratio:.2f}" for ratio in found) + " |\n"


AIMS = (
    Aim("plan of 5,000 hosts: times as fast as ruamel.yaml's round trip", PLAN, RUAMEL, 5_000, 14, inverse=True),
    Aim("plan of 5,000 hosts, in times of mikefarah's yq", PLAN, GO_YQ, 5_000, 1),
    Aim("plan of three hosts, in times of `python -c pass`", PLAN, PASS, 3, 10),
    Aim("plan of three hosts, in times of Debian's yq", PLAN, YQ, 3, 1),
    Aim("plan of three hosts, in times of npm yaml", PLAN, NPM, 3, 1),
    Aim("`--version`, in times of `python -c pass`", VERSION, PASS, 3, 8),
    Aim("`completion bash`, in times of `python -c pass`", COMPLETION, PASS, 3, 8),
    Aim("check of 5,000 hosts, in times of plan", "kkplan check", PLAN, 5_000, 2),
)


def aims(rows: list[Measured]) -> str:
    """What was to be reached, and what was."""
    lines = [line for aim in AIMS if (line := aim.row(rows))]
    for style in STYLES:
        growth = exponent(rows, PLAN, style)
        if growth is not None:
            cells = " | ".join(f"{growth:.2f}" if style == own else "" for own in STYLES)
            lines.append(f"| growth of plan from 5,000 to 20,000 hosts | at most 1.1 | {cells} |\n")
    memory = [row.mebibytes for row in rows if (row.peer, row.hosts) == (PLAN, 5_000)]
    if memory:
        lines.append(f"| MiB at 5,000 hosts | at most 60 | {memory[0]:.1f} | {memory[-1]:.1f} |\n")
    return "\n## Targets\n\n| | target | flow | block |\n|---|---|---|---|\n" + "".join(lines)


def page(rows: list[Measured]) -> str:
    """docs/benchmarks.md."""
    return (
        "# The same edit, side by side\n\n"
        "Each program sets `internalLoadbalancer: haproxy` in one config. Whole processes, started again each time, "
        "alternating in one run; medians. Compare the ratios: absolute times depend on the machine. Growth is the "
        "exponent from 5,000 to 20,000 hosts, the time for 3 hosts subtracted; 1 is linear. kkplan does more than the "
        "others here: it reads the file again after the edit, compares, checks it by its rules and shows a diff. "
        "`completion` runs once for each new shell; Tab starts no program. "
        "Below about 25 MiB, the memory is that of the measuring program, with which a child starts.\n"
        + "".join(tables(rows))
        + aims(rows)
        + ("\n![Milliseconds by number of hosts](benchmarks.svg)\n" if PLOT.exists() else "")
        + "\nTo measure again: `make bench` (`benchmarks/editor.py`; the figures: `benchmarks/results/editor.json`).\n"
    )


def plot(rows: list[Measured]) -> None:
    """docs/benchmarks.svg, drawn by matplotlib; nothing where it is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        print("matplotlib is not installed: no plot")
        return
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "kkplan"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(STYLES), figsize=(11, 4.5), sharey=True)
    for axis, style in zip(axes, STYLES, strict=True):
        for name in dict.fromkeys(row.peer for row in rows):
            chosen = [row for row in rows if (row.peer, row.style) == (name, style)]
            axis.loglog([row.hosts for row in chosen], [row.seconds * 1000 for row in chosen], marker="o", label=name)
        axis.set(title=f"hosts in {style} style", xlabel="hosts")
    axes[0].set_ylabel("milliseconds")
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--go-yq", default=os.environ.get("GO_YQ", ""), help="mikefarah's yq")
    parser.add_argument(
        "--npm", default=os.environ.get("NPM_MODULES", ""), help="a node_modules folder with yaml in it"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    options = parser.parse_args()
    # As pip does when it installs a wheel: without compiled modules a start takes half as long again. A checkout may have none.
    compileall.compile_dir(ROOT / "kkplan", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in measure(peers(options.go_yq, options.npm), tuple(options.sizes), folder):
            print(f"{row.style:5} {row.hosts:6} {row.peer:28} {row.seconds * 1000:8.0f} ms {row.mebibytes:6.0f} MiB")
            rows.append(row)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    plot(rows)
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
