"""A pair of LB servers that boot, with the network of a rehearsal around them: API servers, a client, an APT mirror."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from kkplan.disk.bundle_files import read_bundle_files
from kkplan.lab.machine import LabError, Machine
from kkplan.lab.pair import PairMember, PairNetwork, read_pair
from kkplan.lab.pair_lab import PairLab, wait_until
from kkplan.locale import T, named
from tests.conftest import SAMPLES
from tests.machines.janitor import Janitor
from tests.machines.root_fs import RootFs
from tests.machines.server import BootedServer, Networking

VIP = "172.16.0.10"
PREFIX = 24
MIRROR = "172.16.0.30"
MIRROR_PORT = 8000
# Where the runbook has the files.
BUNDLE = "/root/kkplan-lb"

_LBS = ("lb1=172.16.0.2,nic=eth0", "lb2=172.16.0.3,nic=eth0")


def write_bundle(folder: Path, *options: str) -> None:
    """What `kkplan apply --mode keepalived` writes for the sample's config."""
    command = ["apply", "-", "--mode", "keepalived", "--address", f"{VIP}/{PREFIX}", "--yes", *options]
    for lb in _LBS:
        command += ["--lb", lb]
    subprocess.run(
        [sys.executable, "-m", "kkplan", *command, "--output-dir", str(folder)],
        input=(SAMPLES / "keepalived" / "config-sample.yaml").read_bytes(),
        capture_output=True,
        check=True,
    )


class BootedPair(PairLab):
    """The machines of the pair's network; the LB servers have a disk and no power yet.

    Attributes:
        bundle: the folder that kkplan wrote.
        networking: who gives the LB servers their addresses at the next boot.
        complete: when the last thing was there that the VIP needs, on the monotonic clock; a scenario says so.
    """

    lbs: dict[str, BootedServer]  # type: ignore[assignment]

    def __init__(self, stack: ExitStack, network: PairNetwork, root_fs: RootFs, bundle: Path) -> None:
        self.root_fs = root_fs
        self.bundle = bundle
        self.networking = Networking.IFUPDOWN
        self.complete = 0.0
        super().__init__(stack, network)

    def _add_lb(self, member: PairMember) -> BootedServer:
        address = f"{member.address}/{PREFIX}"
        server = self._stack.enter_context(BootedServer(member, address, self.root_fs))
        folder = f"{BUNDLE}/{member.name}"
        server.copy_in(self.bundle / member.name, folder)
        for name in ("install.sh", "SHA256SUMS"):
            server.write_file(f"{BUNDLE}/{name}", (self.bundle / name).read_text(encoding="utf-8"))
        server.write_file("/etc/apt/sources.list", f"deb [trusted=yes] http://{MIRROR}:{MIRROR_PORT}/ ./\n")
        return server

    def add_machine(self, machine: Machine, address: str) -> None:
        """Plug one more machine in, which ends with the pair."""
        self._stack.enter_context(machine)
        self.switch.plug(machine, (f"{address}/{PREFIX}",))

    def add_mirror(self) -> None:
        """An APT mirror on a machine of its own; it answers when this returns."""
        machine = Machine()
        self.add_machine(machine, MIRROR)
        folder = str(self.root_fs.archive)
        machine.launch(sys.executable, "-m", "http.server", str(MIRROR_PORT), "--directory", folder, log="mirror")
        port = f"sport = :{MIRROR_PORT}"
        if not wait_until(lambda: bool(machine.do("ss", "--no-header", "--listening", "--tcp", port)), 10):
            raise LabError(T("the mirror does not start: {said}", said=named(machine.log("mirror"))))

    # --- Cables and power ---

    def plug_in(self, name: str) -> None:
        """Give the LB server its NIC, with an address where nobody in it sets one."""
        server = self.lbs[name]
        addresses = (server.address,) if self.networking is Networking.OUTSIDE else ()
        self.switch.plug(server, addresses, server.member.nic)

    def switch_on(self, name: str, *, with_address: bool = True) -> BootedServer:
        server = self.lbs[name]
        networking, self.networking = self.networking, self.networking if with_address else Networking.OUTSIDE
        server.set_networking(self.networking)
        self.plug_in(name)
        if not with_address:
            self.remove_address(name)
        self.networking = networking
        server.boot()
        return server

    def switch_off(self, name: str) -> None:
        server = self.lbs[name]
        # The carrier first: a machine without power sends nothing for its last connections either.
        self.switch.set_link(server, up=False)
        server.power_off()

    def pause(self, name: str) -> None:
        """Pause the machine as a hypervisor does: nothing in it runs, and its network does not answer."""
        self.switch.set_forwarding(self.lbs[name], forwarding=False)
        self.lbs[name].freeze()

    def resume(self, name: str) -> None:
        """Let it run on."""
        self.lbs[name].thaw()
        self.switch.set_forwarding(self.lbs[name], forwarding=True)

    # --- What the runbook does ---

    def install(self, name: str, *arguments: str) -> tuple[int, str]:
        """Run install.sh on that LB server to its end."""
        return self.lbs[name].inside("sh", f"{BUNDLE}/install.sh", *arguments)

    def set_up(self) -> None:
        """Boot both, and run install.sh on one after the other."""
        self.add_mirror()
        for name in self.lbs:
            self.switch_on(name)
        for name, server in self.lbs.items():
            server.wait_for_boot()
            status, said = self.install(name)
            if status:
                raise LabError(T("install.sh fails on {name}: {said}", name=named(name), said=named(said)))


@contextmanager
def new_pair(root_fs: RootFs, *options: str) -> Iterator[BootedPair]:
    """A pair without power, with files that kkplan has just written; all of it ends with the context."""
    with ExitStack() as stack:
        folder = mkdtemp(prefix="kkplan-machines.")
        stack.callback(Janitor(folder).close)
        bundle = Path(folder) / "kkplan-out"
        write_bundle(bundle, *options)
        network = read_pair(read_bundle_files(bundle), str(bundle))
        yield BootedPair(stack, network, root_fs, bundle)
