"""Pairs made to harm the machine that rehearses them, through the program as a user runs it: they harm nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkplan.disk.bundle_files import read_bundle_files
from kkplan.errors import KkplanError
from kkplan.lab.lb_server import _HAPROXY, _KEEPALIVED, backend_states, own_complaints
from kkplan.lab.pair import read_pair
from kkplan.plan.artifact import Artifact
from tests.rehearsal.conftest import Write, needs_lab, own_pair
from tests.rehearsal.test_rehearse import COMMAND
from tests.rehearsal.test_sandbox import NAMES

ROOT = Path(__file__).parents[2]


def pair_with(path: str, old: str, new: str) -> tuple[Artifact, ...]:
    """kkplan's pair with something else in the files whose path ends so."""
    files = tuple(
        it._replace(content=it.content.replace(old, new)) if it.path.endswith(path) else it for it in own_pair()
    )
    assert files != own_pair()
    return files


def rehearse(folder: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run it in the folder beside, in a UTS namespace of the test's own: a host name that changes is seen there."""
    command = ["unshare", "--uts", *before, "env", f"PYTHONPATH={ROOT}", *COMMAND, str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder.parent)


@needs_lab
def test_a_check_script_that_attacks(written: Write, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    attack = f"""#!/bin/bash
mount -o remount,bind,rw /; mount -o remount,rw /
hostname kkplan-canary
for root in '' /proc/1/root /proc/1/cwd /proc/self/root /proc/$PPID/root; do echo 1 >$root{canary}; done
nsenter -t 1 -m -u sh -c 'echo 1 >{canary}; hostname kkplan-canary'
ln -sf {canary} /run/keepalived.log; ln -sf {canary} /run/haproxy.log; ln -sf {canary} /run/haproxy.pid.new
hostname >/tmp/name
exit 0"""
    folder = written(pair_with("check-haproxy.sh", "#!/bin/bash", attack))
    seen = rehearse(folder, "--scenario", "keepalived-stopped", before=("sh", "-c", '"$@"; hostname >after', "sh"))
    assert "Keepalived is stopped" in seen.stdout, seen.stderr
    name = Path("/proc/sys/kernel/hostname").read_text(encoding="utf-8")
    assert (tmp_path / "after").read_text(encoding="utf-8") == name
    assert not canary.exists()


@needs_lab
def test_names_in_every_place(written: Write, tmp_path: Path) -> None:
    """Of folders, files, NICs and API servers: nothing of them is executed, and all goes on working."""
    nic = "e;>c;`>c`$(>c)"
    names = {"keepalived.conf": nic, "check-haproxy.sh": quote(nic)}
    files = [
        it._replace(content=it.content.replace("ens192", names.get(Path(it.path).name, "ens192"))) for it in own_pair()
    ]
    folders = {"lb1": "-l b1;>c $(>c)", "lb2": "`>c`\n'\"(lb2)"}
    renamed = [
        it._replace(path=it.path.replace(old, new)) for it in files for old, new in folders.items() if old in it.path
    ]
    extra = [Artifact(f"{folder}/{name}", ">c", 0o644) for folder in folders.values() for name in NAMES]
    folder = written((*renamed, *extra), "pair;>c $(>c)")
    seen = rehearse(folder, "--scenario", "keepalived-stopped", "--anyway")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    # HAProxy refuses such a name; the stand-in for the API server has it all the same.
    for file in folder.glob("*/haproxy.cfg"):
        file.write_text(
            file.read_text(encoding="utf-8").replace("server master1 ", "server $(>c)`>c`;>c "), encoding="utf-8"
        )
    seen = rehearse(folder, "--scenario", "keepalived-stopped")
    assert (seen.returncode, "is not permitted in server name" in seen.stderr) == (1, True)
    assert [path.name for path in tmp_path.rglob("c")] == []


@needs_lab
def test_a_pair_that_takes_too_much_says_so(written: Write) -> None:
    hog = "#!/bin/bash\nfor _ in $(seq 3000); do sleep 60 & done"
    seen = rehearse(written(pair_with("lb2/check-haproxy.sh", "#!/bin/bash", hog)), "--scenario", "keepalived-stopped")
    assert seen.returncode == 1, seen.stdout
    assert "a lab machine was stopped: its programs use too many resources (" in seen.stderr, seen.stdout


ZONES = st.text(st.characters(exclude_categories=("Cs", "Z", "C"), exclude_characters="#!"), max_size=30)
PLACES = (
    ("lb1/keepalived.conf", "unicast_src_ip 172.16.0.2", "unicast_src_ip fd00::2%{zone}"),
    ("lb1/keepalived.conf", "172.16.0.10/32 dev", "fd00::10%{zone}/128 dev"),
    ("lb1/haproxy.cfg", "172.16.0.21:", "[fd00::21%{zone}]:"),
)


@pytest.mark.parametrize("place", PLACES)
@given(zone=ZONES)
def test_zones_are_refused(place: tuple[str, str, str], zone: str) -> None:
    path, old, new = place
    with pytest.raises(KkplanError, match="has a zone"):
        read_pair(pair_with(path, old, new.replace("{zone}", zone)), "kkplan-out")


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("lb1/haproxy.cfg", "172.16.0.21:6443", "172.16.0.21:70000", "is not an IP address with a port"),
        (
            "lb1/haproxy.cfg",
            "172.16.0.21:6443",
            "api1.site:6443",
            "server master1: api1.site:6443 is not an IP address",
        ),
        ("lb1/haproxy.cfg", "172.16.0.21:6443", "api1.site:6443", "write the API server's address"),
        ("lb1/haproxy.cfg", "172.16.0.21:6443", f"172.16.0.21:{'6' * 5000}", "is not an IP address with a port"),
        ("lb1/haproxy.cfg", "bind *:6443", f"bind *:{'6' * 5000}", "no bind with a port"),
        ("lb1/keepalived.conf", "172.16.0.10/32", f"172.16.0.10/{'2' * 5000}", "is not an IP address"),
        ("lb1/keepalived.conf", "ens192", "-h", "invalid NIC name"),
        ("lb1/keepalived.conf", "ens192", "..", "invalid NIC name"),
        ("lb1/keepalived.conf", "ens192", "eth%d", "invalid NIC name"),
        ("lb1/keepalived.conf", "ens192", "é" * 8, "invalid NIC name"),
        ("lb1/keepalived.conf", "ens192", "a\u2028b", "invalid NIC name"),
    ],
)
def test_numbers_and_names_that_are_none(path: str, old: str, new: str, message: str) -> None:
    with pytest.raises(KkplanError, match=message):
        read_pair(pair_with(path, old, new), "kkplan-out")


CONTROL_CHARACTERS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"]


@pytest.mark.parametrize("name", ["haproxy.cfg", "keepalived.conf", "kkplan-restart.conf"])
def test_control_characters_are_refused(name: str) -> None:
    """In words that kkplan reads, such as a server's name, and in all others."""
    (own,) = [it.content for it in own_pair() if it.path == f"lb2/{name}"]
    middle = own.index("\n", len(own) // 2) + 3
    line = own.count("\n", 0, middle) + 1
    for character in CONTROL_CHARACTERS:
        changed = own[:middle] + character + own[middle:]
        files = [it._replace(content=changed) if it.path == f"lb2/{name}" else it for it in own_pair()]
        code = rf"\x{ord(character):02x}"
        with pytest.raises(KkplanError, match=rf"lb2/{name}:{line}: control character \{code}\. Remove it"):
            read_pair(files, "kkplan-out")


@pytest.mark.parametrize("name", ["haproxy.cfg", "keepalived.conf"])
def test_line_ends_of_windows_are_none(name: str) -> None:
    """HAProxy and Keepalived read them."""
    assert read_pair(pair_with(name, "\n", "\r\n"), "kkplan-out").backends == read_pair(own_pair(), "out").backends


def test_only_what_ends_a_line_for_the_programs_ends_one() -> None:
    files = pair_with("haproxy.cfg", "server master1", "server m\u2028server\xa0master1")
    assert [it.name for it in read_pair(files, "out").backends] == ["m\u2028server\xa0master1", "master2", "master3"]


@needs_lab
def test_a_control_character_starts_nothing(written: Write) -> None:
    folder = written(pair_with("haproxy.cfg", "server master1", "server mas\x00ter1"))
    seen = rehearse(folder)
    assert (seen.returncode, seen.stdout) == (1, "")
    assert r": control character \x00. Remove it from this line" in seen.stderr


def test_links_and_long_files_are_not_read(written: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:x", encoding="utf-8")
    folder = written(own_pair())
    link = folder / "lb1" / "more.conf"
    link.symlink_to(secret)
    with pytest.raises(KkplanError, match=r"lb1/more\.conf: this is a symbolic link"):
        read_bundle_files(folder)
    link.unlink()
    (folder / "lb3").symlink_to(folder / "lb1")
    with pytest.raises(KkplanError, match="lb3: this is a symbolic link"):
        read_bundle_files(folder)
    (folder / "lb3").unlink()
    with link.open("wb") as file:
        file.truncate(40 << 30)
    with pytest.raises(KkplanError, match=r"more\.conf: larger than the limit of 1 MiB"):
        read_bundle_files(folder)


def test_too_many_machines_are_refused() -> None:
    with pytest.raises(KkplanError, match="too many LB servers: 17, at most 16"):
        read_pair(own_pair(lbs=17), "kkplan-out")
    with pytest.raises(KkplanError, match="too many API servers: 33, at most 32"):
        read_pair(own_pair(control_planes=33), "kkplan-out")


INCLUDED = {
    "keepalived.conf": "include {path}\n",
    "haproxy.cfg": "\nfrontend other\n    mode http\n    bind *:81\n    acl one src -f {path}\n    acl two hdr_ip(x) -f {path}\n",
}


@needs_lab
@pytest.mark.parametrize("name", INCLUDED)
@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/passwd", "/etc/os-release", "/etc/ld.so.conf"])
def test_lines_of_other_files_are_not_shown(written: Write, name: str, path: str) -> None:
    folder = written(own_pair())
    with (folder / "lb1" / name).open("a", encoding="utf-8") as file:
        file.write(INCLUDED[name].format(path=path))
    seen = rehearse(folder, "--scenario", "keepalived-stopped")
    assert "Traceback" not in seen.stderr
    lines = {
        word for line in Path(path).read_text(encoding="utf-8").split("\n") for word in line.split() if len(word) > 8
    }
    assert lines
    assert [word for word in lines if word in seen.stdout + seen.stderr] == []


FILES = (Artifact("lb1/keepalived.conf", "a", 0o644), Artifact("lb1/haproxy.cfg", "b", 0o644))
INCLUDING = (Artifact("lb1/keepalived.conf", "  include /etc/group", 0o644),)


@pytest.mark.parametrize(
    ("line", "files", "is_shown"),
    [
        ("(Line 6) number '0' outside range [1, 255]", FILES, True),
        ("(Line 6) Unknown keyword 'root:$6$salt'", INCLUDING, False),
        ("(/etc/keepalived/keepalived.conf: Line 6) Unknown keyword 'x'", INCLUDING, True),
        ("(/etc/group: Line 1) Unknown keyword 'root'", INCLUDING, False),
        ("(/etc/group: Line 1) Unknown keyword 'root'", FILES, False),
        ("(/etc/keepalived/keepalived.conf: Line 6) cannot open /etc/group", FILES, False),
        ("(/etc/keepalived/other.conf: Line 6) Unknown keyword 'x'", FILES, False),
        ("Unable to find script", INCLUDING, False),
    ],
)
def test_complaints_about_the_pairs_own_files_are_shown(line: str, files: tuple[Artifact, ...], is_shown: bool) -> None:
    shown, _ = own_complaints(_KEEPALIVED, line, files)
    assert shown == ([line] if is_shown else [])


def test_haproxys_complaints() -> None:
    place = "[ALERT]    (7) : config : parsing [/etc/haproxy/haproxy.cfg:5] : "
    quoted = f"{place}error detected while parsing ACL 'a' : 'root:x:0' is not a valid IPv4 address at line 1 of file '/etc/group'"
    shown, found = own_complaints(_HAPROXY, f"{quoted}\n{place}unknown keyword 'timeot'\n", FILES)
    assert shown == [f"{place}unknown keyword 'timeot'"]
    assert found is not None
    assert found["line"] == "5"


@given(st.text())
def test_any_answer_in_place_of_haproxys_is_borne(answer: str) -> None:
    assert "FRONTEND" not in backend_states(answer)
    assert isinstance(backend_states(f"# pxname,svname,status\n{answer}"), dict)


NOT_ALLOWED = {
    "a user namespace": ("unshare", "--user", "--map-root-user"),
    "no CAP_SYS_ADMIN": ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-all"),
    "no CAP_NET_RAW": ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-all"),
    "no CAP_SETUID": ("setpriv", "--bounding-set=-setuid", "--inh-caps=-all"),
    "no /proc": ("unshare", "--mount", "sh", "-c", 'umount -l /proc; "$@"', "sh"),
}


@needs_lab
@pytest.mark.parametrize("surroundings", NOT_ALLOWED)
def test_where_the_kernel_allows_too_little(written: Write, surroundings: str) -> None:
    command = [
        *NOT_ALLOWED[surroundings],
        sys.executable,
        "-m",
        "kkplan.cli.main",
        "rehearse",
        str(written(own_pair())),
    ]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert (seen.returncode, seen.stdout) == (1, "")
    assert seen.stderr.startswith("kkplan: error: ")
    assert "a bug" not in seen.stderr
    (line,) = seen.stderr.splitlines()
    names = {"a user namespace": "setuid: Operation not permitted", "no /proc": "/proc is not mounted"}
    assert names.get(surroundings, surroundings.removeprefix("no ")) in line or "unshare failed" in line
