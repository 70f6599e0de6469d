"""What programs on an LB server of the lab may do: their files are anyone's, and they run as root."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from kkplan.lab.machine import LabError, Machine, MachineFiles
from kkplan.lab.pair_lab import wait_until
from kkplan.lab.process_one import excess_of, host_memory
from tests.conftest import ROOT
from tests.rehearsal.conftest import needs_lab

pytestmark = needs_lab
PYTHON = "/usr/bin/python3"  # as a machine sees it
needs_python = pytest.mark.skipif(not Path(PYTHON).exists(), reason="needs Python in the machine")

# Every one has to fail. Those that write do it with the value that is there, or below /tmp: a failing test changes nothing.
ATTEMPTS = {
    "remount programs": "mount -o remount,bind,rw /usr",
    "remount the root": "mount -o remount,rw /",
    "mount memory": "mount -t tmpfs tmpfs /tmp",
    "mount the host's devices": "mount -t devtmpfs devtmpfs /tmp",
    "mount a folder": "mount --bind /usr /tmp",
    "unmount programs": "umount /usr",
    "unmount what hides": "umount -l /proc/kcore",
    "mount in a user namespace": "unshare --user --map-root-user --mount mount -o remount,bind,rw /usr",
    "unmount in a user namespace": "unshare --user --map-root-user --mount umount /usr",
    "change programs": "touch /usr/bin/kkplan-canary",
    "change a device": "chmod 666 /dev/null",
    "change passwords": "touch -c /etc/passwd",
    "make a disk": "mknod /tmp/disk b 8 0",
    "make the memory": "mknod /tmp/mem c 1 1",
    "change the kernel": "read -r v </proc/sys/kernel/sysrq && echo $v >/proc/sys/kernel/sysrq",
    "change core dumps": "read -r v </proc/sys/kernel/core_pattern && echo $v >/proc/sys/kernel/core_pattern",
    "command the kernel": "test -f /proc/sysrq-trigger",
    "read the kernel's memory": "head -c 1 /proc/kcore | grep -q .",
    "change a driver": "find /sys/class -maxdepth 3 -writable -type f -exec sh -c 'cat {} >{}' ';' -quit; touch /sys/x",
    "name the host": "hostname kkplan-canary",
    "set the clock": "date -s @$(date +%s)",
    "enter process 1": "nsenter --target 1 --mount true",
    "enter a network": "nsenter --target 1 --net true",
    "make namespaces": "unshare --mount true",
    "see process 1's root": "ls /proc/1/root/",
    "see process 1's files": "ls /proc/1/fd/0",
    "see process 1's memory": "head -c 1 /proc/1/environ",
    "end process 1": "kill -KILL 1 && sleep 0.3 && ! kill -0 1",
    "read secrets": "cat /etc/shadow",
    "read keys": "ls /etc/ssl/private /etc/ssh /root/.ssh",
    "read homes": "ls -d /home/* /root/.[a-z]*",
    "fill the memory": "head -c 100m /dev/zero >/tmp/full; s=$?; rm /tmp/full; exit $s",
    "leave a core": "ulimit -c unlimited",
    "take the processor": "chrt -f 50 true",
    "leave the root": """perl -e 'mkdir "/tmp/a"; chroot "/tmp/a"; chdir ".." for 1..99; chroot "."; exit !-e "/work" && !-e "/boot"'""",
    "lift the limit": "echo -1000 >/proc/self/oom_score_adj",
}


class Hostile(Machine):
    """A machine as LB servers are."""

    files_seen = MachineFiles.OWN


@pytest.fixture(scope="module")
def hostile() -> Iterator[Machine]:
    with Hostile() as machine:
        yield machine


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_must_not_work(hostile: Machine, attempt: str) -> None:
    status, said = hostile.run("bash", "-c", ATTEMPTS[attempt])
    assert status, said
    assert status != 127, f"not tried: {said}"
    assert hostile.run("true") == (0, "")


WORKS = {
    "bash's sockets": "! bash -c ': </dev/tcp/127.0.0.1/1' 2>&1 | grep -q 'No such file'",
    "pgrep": "sleep 9 & until pgrep -x sleep; do :; done",
    "process substitution": "cat <(echo 1)",
    "files of its own": "echo 1 >/tmp/a; echo 1 >/run/a; echo 1 >/etc/keepalived/a; echo 1 >/var/log/a; echo 1 >/dev/shm/a",
    "devices": "head -c 9 /dev/urandom >/dev/null",
    "another user": "setpriv --reuid=65534 --regid=65534 --clear-groups true",
    "addresses": "ip link add one type veth peer name two && ip addr add 172.16.0.9/24 dev one && ip addr show dev one",
    "a network's settings": "echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore",
    "a link's state": "cat /sys/class/net/lo/operstate",
    "names": "getent hosts localhost && getent passwd root && getent services https",
    "chroot": "mkdir -p /tmp/c && ! chroot /tmp/c /none 2>&1 | grep -q permitted",
}


@pytest.mark.parametrize("attempt", WORKS)
def test_what_check_scripts_need_works(hostile: Machine, attempt: str) -> None:
    status, said = hostile.run("bash", "-c", WORKS[attempt])
    assert not status, said


def test_capabilities_and_namespaces(hostile: Machine) -> None:
    status = dict(line.split(":\t", 1) for line in hostile.do("cat", "/proc/self/status").splitlines() if ":\t" in line)
    kept = sum(1 << number for number in (0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13, 18))  # capabilities(7)
    assert [int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")] == [kept] * 3 + [0, 0]
    assert status["NoNewPrivs"].strip() == "1"
    for kind in ("mnt", "pid", "net", "uts", "ipc"):
        assert hostile.do("readlink", f"/proc/self/ns/{kind}").strip() != str(Path(f"/proc/self/ns/{kind}").readlink())


def test_no_mount_of_the_host_is_writable(hostile: Machine) -> None:
    writable = [
        line.split()[1]
        for line in hostile.do("cat", "/proc/self/mounts").splitlines()
        if "rw" in line.split()[3].split(",")
    ]
    assert sorted(set(writable)) == ["/", "/proc/sys/net"]
    assert hostile.do("stat", "--file-system", "--format", "%T", "/").strip() == "tmpfs"


def test_sockets_and_processes_of_the_host_are_out_of_reach(hostile: Machine, tmp_path: Path) -> None:
    if shutil.which("perl") is None:
        pytest.skip("needs perl in the machine")
    knock = "use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); exit !connect(S, pack_sockaddr_un($ARGV[0] eq '-' ? qq(\\0kkplan) : $ARGV[0]))"
    with socket.socket(socket.AF_UNIX) as named, socket.socket(socket.AF_UNIX) as abstract:
        named.bind(str(tmp_path / "s"))
        abstract.bind("\0kkplan")
        named.listen()
        abstract.listen()
        with Machine() as other:
            assert other.run("perl", "-e", knock, str(tmp_path / "s"))[0] == 0, "proof that this test can fail"
        assert hostile.run("perl", "-e", knock, str(tmp_path / "s"))[0]
        assert hostile.run("perl", "-e", knock, "-")[0]
        # What leads to a socket of the host is followed within the machine only.
        hostile.do("ln", "-sf", str(tmp_path / "s"), "/run/link")
        assert hostile.ask_socket("/run/link", "show stat\n") is None
    assert hostile.run("bash", "-c", f"kill -0 {os.getpid()}")[0]


def test_what_a_program_puts_in_place_of_kkplans_files_does_no_harm(hostile: Machine, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("unchanged", encoding="utf-8")
    hostile.do("ln", "-s", str(canary), "/tmp/link")
    with pytest.raises(LabError):
        hostile.write("/tmp/link", b"changed")
    assert canary.read_text(encoding="utf-8") == "unchanged"
    hostile.do("mkfifo", "/tmp/socket")
    began = time.monotonic()
    assert hostile.ask_socket("/tmp/socket", "show stat\n") == ""
    assert time.monotonic() - began < 60
    with Hostile() as machine:
        machine.launch("yes", log="long")
        assert wait_until(lambda: len(machine.log("long")) == 1 << 20, 10), "of an endless log, its end is kept"


NAMES = [
    "x;A=$(printf x);touch canary",
    "haproxy (copy).cfg",
    "`touch canary`",
    "$(touch canary)",
    "a\nb",
    "-rf",
    "--help",
    "'\"\\ && touch canary #",
    "*?[a-z]{1,2}~!^%",
    "\x1b]0;x\x07",
    "名",
    "\udcff",
    "a|b>c<d&",
]


def test_names_are_only_data(hostile: Machine) -> None:
    for name in NAMES:
        hostile.write(f"/etc/keepalived/{name}", name.encode("utf-8", "surrogateescape"), 0o600)
        assert hostile.run("test", "-s", f"/etc/keepalived/{name}") == (0, "")
        assert hostile.do("printf", "%s", name) == name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    assert hostile.do("find", "/", "-xdev", "-name", "canary") == ""
    assert not Path("canary").exists()


def test_a_nul_in_a_word_is_no_end_of_the_machine(hostile: Machine) -> None:
    assert hostile.run("printf", "a\0b")[0] == 127
    with pytest.raises(LabError, match="the kernel does not allow this: embedded null byte"):
        hostile.launch("printf", "a\0b")
    assert hostile.run("true") == (0, "")


MIB = 1 << 20


@pytest.mark.parametrize(
    ("tasks", "memory", "total", "available", "excess"),
    [
        (2000, 2048 * MIB, 16_000 * MIB, 1000 * MIB, None),
        (2001, 0, 16_000 * MIB, 9000 * MIB, {"ended": "2001 tasks, 0 MiB"}),
        (1, 2049 * MIB, 16_000 * MIB, 9000 * MIB, {"ended": "1 tasks, 2049 MiB"}),
        (1, 0, 16_000 * MIB, 999 * MIB, {"scarce": {"available": 999, "total": 16_000}}),
        (1, 0, 0, 0, None),  # a kernel that does not say
    ],
)
def test_what_ends_a_machine(
    tasks: int, memory: int, total: int, available: int, excess: dict[str, Any] | None
) -> None:
    """Files in memory and socket buffers are no process's memory: they show in what the host has left."""
    assert excess_of(tasks, memory, total, available) == excess


def test_the_hosts_memory_is_seen_in_a_machine(hostile: Machine) -> None:
    total, available = host_memory()
    assert 0 < available < total
    assert f"MemTotal: {total >> 10} kB".split() in [
        line.split() for line in hostile.do("cat", "/proc/meminfo").splitlines()
    ]


def test_a_machine_that_ends_for_the_hosts_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kkplan.lab import process_one as it; "
    program += "it._SPARE_PART = 0.5; it.main(sys.argv[1], int(sys.argv[2]))"  # twice what there is
    monkeypatch.setattr(
        "kkplan.lab.machine.command_of", lambda _, *words: [sys.executable, "-I", "-c", program, *words]
    )

    def use() -> None:
        with Hostile() as machine:
            assert wait_until(lambda: not machine.is_running, 30)
            machine.run("true")

    with pytest.raises(LabError, match=r"the host has only \d+ of \d+ MiB of memory left\. Free some"):
        use()


# Of two who close a socket at once, the last one waits: many senders, so that one of them is quicker than the reader.
LINGERING = """
import os, socket, struct
from threading import Thread
listening = socket.socket()
listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listening.bind(("127.0.0.1", 0))
listening.listen(300)
numbers = []
for _ in range(240):
    sending = socket.socket()
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    sending.connect(listening.getsockname())
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 3600))
    try:
        while True:
            sending.send(bytes(4096), socket.MSG_DONTWAIT)  # nobody reads it
    except BlockingIOError:
        pass
    numbers.append(sending.detach())
server = socket.socket(socket.AF_UNIX)
server.bind("/run/lingering")
server.listen()
if os.fork():
    os._exit(0)
def send(connection, number):
    try:
        socket.send_fds(connection, [b"x"], [number])
    except OSError:
        pass
    os.close(number)
while numbers:
    connection = server.accept()[0]
    for _ in range(40):
        Thread(target=send, args=(connection, numbers.pop())).start()
"""


@needs_python
def test_a_descriptor_that_lingers_does_not_hold_process_1() -> None:
    """What is sent beside an answer is closed by whoever reads the answer: not by process 1."""
    with Hostile() as machine:
        watchdog = Timer(20, machine._process.kill)  # a machine that is held must not keep the test waiting
        watchdog.start()
        try:
            machine.do(PYTHON, "-I", "-c", LINGERING)
            for _ in range(6):
                assert machine.ask_socket("/run/lingering", "show stat\n") is not None
                assert machine.run("true") == (0, "")
        finally:
            watchdog.cancel()


# keyctl(2): the session keyring's number, and a key in it.
KEYS = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
add, keyctl = {"x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]
if sys.argv[1:]:
    if libc.syscall(keyctl, 1, None) < 0 or libc.syscall(add, b"user", b"kkplan-canary", b"x", 1, -3) < 0:
        sys.exit(77)
    os.execv(sys.argv[1], sys.argv[1:])
sys.exit(libc.syscall(keyctl, 10, -3, b"user", b"kkplan-canary", 0) < 0)
"""
IN_MACHINES = f"""
import sys
from kkplan.lab.machine import Machine, MachineFiles
class Hostile(Machine):
    files_seen = MachineFiles.OWN
for kind in (Machine, Hostile):
    with kind() as machine:
        print(machine.run("{PYTHON}", "-I", "-c", sys.argv[1])[0])
"""


@needs_python
def test_the_callers_session_keyring_is_out_of_reach() -> None:
    """It may hold Kerberos tickets. A machine that runs kkplan's own programs is the proof that this test can fail."""
    command = [sys.executable, "-c", KEYS, sys.executable, "-c", IN_MACHINES, KEYS]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    if ran.returncode == 77:
        pytest.skip("no keyrings here")
    assert (ran.returncode, ran.stdout.split()) == (0, ["0", "1"]), ran.stderr


@pytest.mark.parametrize(
    "hog",
    ["for _ in $(seq 3000); do sleep 60 & done; wait", "perl -e '$x = qq(x) x (2500 << 20); sleep 60'"],
    ids=["processes", "memory"],
)
def test_a_machine_that_takes_too_much_ends(hog: str) -> None:
    with Hostile() as machine:
        machine.launch("bash", "-c", hog)
        assert wait_until(lambda: not machine.is_running, 30)
        with pytest.raises(LabError, match=r"a lab machine (was stopped|ended)"):
            machine.run("true")


def test_a_program_without_end_is_ended(hostile: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kkplan.lab.machine._LONGEST_RUN", 0.3)
    with pytest.raises(LabError, match="sleep did not end within"):
        hostile.run("sleep", "60")
    # What is left in the background holds the output open, and is not waited for.
    number = hostile.do("sh", "-c", "sleep 60 & echo $!").strip()
    hostile.do("bash", "-c", f"kill {number}")
    assert wait_until(lambda: hostile.run("test", "-d", f"/proc/{number}")[0] == 1, 10), "a zombie is left"


def test_a_program_starts_after_those_it_needs(hostile: Machine) -> None:
    hostile.launch("echo", "$(third)", first=(("echo", "one;"), ("sh", "-c", "sleep 0.1; echo two")), log="steps")
    assert wait_until(lambda: hostile.log("steps") == "one;\ntwo\n$(third)\n", 10), hostile.log("steps")
    for step in (("false",), ("no-such-program",), ("a\0b",)):
        hostile.launch("touch", "/tmp/reached", first=(step,), log="steps")
    waiting = hostile.launch("touch", "/tmp/reached", first=(("sh", "-c", "sleep 77; true"),))
    assert wait_until(lambda: hostile.run("pgrep", "-f", "^sleep 77")[0] == 0, 10)
    hostile.send_signal(waiting, signal.SIGTERM)
    assert wait_until(lambda: hostile.run("pgrep", "-f", "^sleep 77")[0] == 1, 10), "what it waits for goes on"
    hostile.send_signal(waiting, signal.SIGTERM)  # nobody is there any more
    assert hostile.run("test", "-e", "/tmp/reached")[0] == 1
    assert hostile.run("true") == (0, "")


def test_a_machine_that_cannot_be_made_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unprepared(Hostile):
        def _prepare(self) -> None:
            raise KeyboardInterrupt

    def no_process(*arguments: object, **options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(KeyboardInterrupt):
        Unprepared()
    monkeypatch.setattr("subprocess.Popen", no_process)
    with pytest.raises(LabError, match="cannot start a machine in namespaces: Resource temporarily unavailable"):
        Hostile()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_failure_is_told_on_one_line(hostile: Machine) -> None:
    with pytest.raises(LabError, match=r"exit status 3 of sh -c .*: one; two$"):
        hostile.do("sh", "-c", "echo one; echo; echo two.; exit 3")


def test_a_machine_ends_with_the_one_who_built_it() -> None:
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        machine = Hostile()
        machine.launch("sleep", "600")
        os.write(write, b"%d" % machine.pid)
        os.kill(os.getpid(), 9)
    inside = int(os.read(read, 20))
    os.close(read)
    os.close(write)
    os.waitpid(pid, 0)
    assert wait_until(lambda: not Path(f"/proc/{inside}").exists(), 10)


def test_keepalived_finds_the_file_of_its_package() -> None:
    """Keepalived 2.3 ends without it; the rest of the host's folder stays out of sight."""
    program = """
from kkplan.lab.machine import Machine, MachineFiles
class Own(Machine):
    files_seen = MachineFiles.OWN
with Own() as machine:
    print(machine.do("sh", "-c", "cd /etc/keepalived && head *"))
"""
    surroundings = """mount --make-rprivate / && mount -t tmpfs tmpfs /etc/keepalived && cd /etc/keepalived &&
echo options >keepalived.config-opts && echo secret >keepalived.conf && cd "$0" && exec "$@" """
    command = ["unshare", "--mount", "sh", "-c", surroundings, str(ROOT), sys.executable, "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "options", ran.stderr
