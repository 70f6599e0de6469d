"""packages.sh: what is missing, and who is asked to install it."""

from __future__ import annotations

import pytest

from tests.modes.install_parts.conftest import PartShell

MANAGERS = ("apt-get", "dnf", "yum", "zypper")


def installs(shell: PartShell, *managers: str, refresh: int = 0) -> None:
    """Package managers that put a program on PATH for each package, and would eat what is on standard input."""
    bin_folder = shell.root / "bin"
    shell.stand_in(
        *managers,
        does=f"""while read -r line; do echo "read: $line" >>{shell.root}/calls; done
case " $* " in *" install "*) ;; *) exit {refresh} ;; esac
for package in haproxy keepalived bash; do
    case " $* " in *" $package "*) printf '#!/bin/sh\\n' >{bin_folder}/$package; chmod 755 {bin_folder}/$package ;; esac
done""",
    )


@pytest.mark.parametrize("here", ["", "haproxy", "keepalived bash", "haproxy keepalived bash"])
def test_missing(shell: PartShell, here: str) -> None:
    shell.stand_in(*here.split())
    expected = [name for name in ("haproxy", "keepalived", "bash") if name not in here.split()]
    assert shell.says("packages", 'find_missing\nsay "$missing"').split() == expected


@pytest.mark.parametrize("first", range(len(MANAGERS)))
def test_the_first_package_manager_there_is_used_alone(shell: PartShell, first: int) -> None:
    """RHEL has yum beside dnf, and some have apt-get beside their own."""
    installs(shell, *MANAGERS[first:])
    shell.stand_in("bash")
    out = shell.says("packages", "install_packages <<'LINES'\nof the caller\nLINES\nsay done")
    assert out == "installing: haproxy keepalived\ndone\n"
    calls = shell.calls()
    assert {call.split()[0] for call in calls} == {MANAGERS[first]}
    assert calls[-1].endswith(" haproxy keepalived")


def test_packages_may_be_there_though_the_lists_cannot_be_refreshed(shell: PartShell) -> None:
    installs(shell, "apt-get", refresh=100)
    ran = shell.run("packages", "install_packages")
    assert (ran.status, ran.out) == (0, "installing: haproxy keepalived bash\n")
    assert ran.err == "warning: apt-get update failed; continuing with the existing lists\n"
    assert [call.split()[1] for call in shell.calls()] == ["update", "install"]


@pytest.mark.parametrize("action", ["install", "dry-run"])
def test_nothing_is_missing(shell: PartShell, action: str) -> None:
    installs(shell, *MANAGERS)
    shell.stand_in("haproxy", "keepalived", "bash")
    assert shell.says("packages", f"action={action}\ninstall_packages") == ""
    assert shell.calls() == []


@pytest.mark.parametrize(
    ("status", "is_missing"),
    [("unpacked", True), ("half-configured", True), ("half-installed", True), ("installed", False), ("", False)],
)
def test_a_package_that_is_only_unpacked_is_missing(shell: PartShell, status: str, is_missing: bool) -> None:
    shell.stand_in("haproxy", "keepalived", "bash")
    shell.stand_in(
        "dpkg-query", does=f'case " $* " in *" keepalived "*) printf "{status}" ;; *) printf installed ;; esac'
    )
    assert shell.says("packages", 'find_missing\nsay "$missing"').split() == (["keepalived"] if is_missing else [])


@pytest.mark.parametrize("problem", ["keepalived is unpacked", ""])
def test_an_interrupted_dpkg_is_finished_first(shell: PartShell, problem: str) -> None:
    """As far as that goes: whatever it comes to, the installation decides."""
    installs(shell, "apt-get")
    shell.stand_in("dpkg", does=f'case $* in --audit) printf "{problem}" ;; *) exit 1 ;; esac')
    ran = shell.run("packages", "install_packages")
    assert (ran.status, ran.out) == (0, "installing: haproxy keepalived bash\n")
    calls = [call for call in shell.calls() if call != "dpkg --audit"]
    assert calls.pop(0) == "apt-get update"
    if problem:
        assert calls.pop(0).endswith(" --configure -a")
        assert calls.pop(0).endswith(" --fix-broken --no-remove")
    assert len(calls) == 1
    assert calls[0].endswith(" haproxy keepalived bash")
