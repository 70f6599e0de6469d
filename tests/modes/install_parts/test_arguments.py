"""messages.sh and arguments.sh: what install.sh says, and how it reads its command line."""

from __future__ import annotations

import pytest

from tests.modes.install_parts.conftest import PartShell

SHOW = 'say "$action [$wanted]"'


def test_messages_are_printed_as_they_are(shell: PartShell) -> None:
    assert shell.says("", r"say -n 'a\nb %s' '$c'") == "-n a\\nb %s $c\n"
    ran = shell.run("", r"warn -e 'a\tb'; fail 'c %d' d; say not reached")
    assert ran == (1, "", "warning: -e a\\tb\nerror: c %d d\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", "install []"),
        ("--host lb1", "install [lb1]"),
        ("--host lb1 --host=lb2", "install [lb2]"),
        ("--host=a=b", "install [a=b]"),
        ("--host ''", "install []"),
        ("--host 'a b' --dry-run", "dry-run [a b]"),
        ("--host '*'", "install [*]"),
        # A name that looks like an option is a name; find_host then knows no such LB server.
        ("--host --dry-run", "install [--dry-run]"),
        ("--uninstall --host lb2", "uninstall [lb2]"),
    ],
)
def test_arguments(shell: PartShell, arguments: str, expected: str) -> None:
    assert shell.says("arguments", f"parse_arguments {arguments}\n{SHOW}") == f"{expected}\n"


@pytest.mark.parametrize("argument", ["lb1", "''", "--", "-", "-n", "--hosts", "--dry-run=yes", "--uninstal"])
def test_other_arguments_are_refused_with_the_usage(shell: PartShell, argument: str) -> None:
    error = shell.fails("arguments", f"parse_arguments --host lb1 {argument}")
    assert error.startswith("Usage: ./install.sh ")
    assert error.endswith(f"error: unknown argument: {argument.strip(chr(39))}\n")


@pytest.mark.parametrize("order", ["--dry-run --uninstall", "--uninstall --host lb1 --dry-run"])
def test_an_uninstallation_is_never_a_trial(shell: PartShell, order: str) -> None:
    assert "cannot be used with --uninstall" in shell.fails("arguments", f"parse_arguments {order}")


def test_help_ends_at_once(shell: PartShell) -> None:
    out = shell.says("arguments", "parse_arguments --dry-run -h --unknown\nsay not reached")
    assert out.startswith("Usage: ./install.sh ")
    assert "not reached" not in out
