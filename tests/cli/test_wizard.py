"""The wizard, typed at in a real pseudo-terminal."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pexpect
import pytest

from kkplan.cli.conversation import Conversation
from kkplan.cli.prompts import Back
from kkplan.cli.wizard import command_line
from kkplan.disk.config_file import read_config
from kkplan.errors import Interrupted
from kkplan.locale import T, Text
from kkplan.modes.mode import mode_named
from kkplan.use.read import read
from tests.conftest import SAMPLES, Kkplan

ENTER, ESCAPE, DOWN, CTRL_C, CTRL_D, CLEAR = "\r", "\x1b", "\x1b[B", "\x03", "\x04", "\x15"


PAIR = (
    *("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2,nic=eth0"),
    *(
        "--lb",
        "lb2=172.16.0.3,nic=eth0",
        "--port",
        "6443",
        "--virtual-router-id",
        "10",
        "--domain",
        "lb.kubesphere.local",
        "--ssh-user",
        "root",
    ),
)


class Terminal:
    """A person at the wizard."""

    def __init__(self, folder: Path, *arguments: str, size: tuple[int, int] = (50, 160)) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "kkplan", *arguments],
            cwd=str(folder),
            env={"TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(folder), "NO_COLOR": "1"},
            encoding="utf-8",
            dimensions=size,
            timeout=20,
        )

    def sees(self, text: str) -> None:
        self.child.expect_exact(text)

    def types(self, text: str) -> None:
        self.child.send(text)

    @property
    def seen(self) -> str:
        """All that it wrote before what was last expected."""
        return str(self.child.before)

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus is not None
        return int(self.child.exitstatus)


def commands_in(text: str) -> list[list[str]]:
    """The words of the commands of the next steps."""
    steps = text.partition("The same command")[0].splitlines()
    return [shlex.split(line) for line in steps if line.startswith("     ") and line.split()[0] in ("kk", "kkplan")]


@pytest.fixture
def at_wizard(config: Path, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.child.close(force=True)


def test_a_pair_from_the_first_screen_to_the_written_files(at_wizard: Terminal, config: Path, tmp_path: Path) -> None:
    at_wizard.sees("existing clusters are not changed")
    at_wizard.sees("control planes (3): master1 172.16.0.4")
    at_wizard.sees("Which HA mode?")
    at_wizard.types(DOWN + DOWN + ENTER)
    at_wizard.sees("Virtual IP address")
    at_wizard.types("172.16.0.4" + ENTER)
    at_wizard.sees("belongs to host master1")
    at_wizard.types(CLEAR + "172.16.0.10/24" + ENTER)
    at_wizard.sees("Port")
    at_wizard.types(CLEAR + "70000" + ENTER)
    at_wizard.sees("65535")
    at_wizard.types(CLEAR + "6443" + ENTER)
    for number, address in ((1, "172.16.0.2"), (2, "172.16.0.3")):
        at_wizard.sees(f"LB server {number}: Name")
        at_wizard.types(ENTER)
        at_wizard.sees(f"LB server {number}: IP address")
        at_wizard.types(address + ENTER)
        at_wizard.sees(f"LB server {number}: Network interface")
        at_wizard.types(ENTER)
    at_wizard.sees("Add another LB server?")
    at_wizard.types("n" + ENTER)
    at_wizard.sees("User for SSH to the LB servers; one other than root needs sudo there")
    at_wizard.types(ENTER)
    at_wizard.sees("virtual_router_id")
    at_wizard.types(ENTER)
    at_wizard.sees("Domain")
    at_wizard.types(ESCAPE)
    at_wizard.sees("virtual_router_id")
    at_wizard.types(ENTER)
    at_wizard.sees("Domain")
    at_wizard.types(ENTER)
    at_wizard.sees("Plan keepalived")
    at_wizard.sees("Write these changes?")
    at_wizard.types("y" + ENTER)
    at_wizard.sees("kkplan apply config-sample.yaml --mode keepalived")
    assert at_wizard.ends() == 0
    assert config.read_bytes() == (SAMPLES / "keepalived" / "after.yaml").read_bytes()
    assert (tmp_path / "kkplan-out" / "lb2" / "keepalived.conf").exists()


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("steps", [0, 1])
def test_leaving_writes_nothing(key: str, steps: int, at_wizard: Terminal, config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    at_wizard.sees("Which HA mode?")
    if steps:
        at_wizard.types(DOWN + DOWN + ENTER)
        at_wizard.sees("Virtual IP address")
    at_wizard.types(key)
    assert at_wizard.ends() == 130
    assert (config.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (before, [config.name])


def test_a_no_writes_nothing_and_still_tells_the_command(at_wizard: Terminal, config: Path) -> None:
    before = config.read_bytes()
    at_wizard.sees("Which HA mode?")
    at_wizard.types(ENTER)
    at_wizard.sees("Domain")
    at_wizard.types(ENTER)
    at_wizard.sees("Write these changes?")
    at_wizard.types("n" + ENTER)
    at_wizard.sees("Save the plan, to review or apply it later?")
    at_wizard.types(ENTER)
    at_wizard.sees("Nothing was written.")
    at_wizard.sees("--mode internal-haproxy")
    assert at_wizard.ends() == 1
    assert config.read_bytes() == before


def test_escape_goes_back_to_the_choice_of_the_mode(at_wizard: Terminal) -> None:
    at_wizard.sees("Which HA mode?")
    at_wizard.types(DOWN + ENTER)
    at_wizard.sees("IP address of the cloud")
    at_wizard.types(ESCAPE)
    at_wizard.sees("Which HA mode?")
    at_wizard.types(CTRL_C)
    assert at_wizard.ends() == 130


def test_a_way_back_and_forth_loses_no_answer(at_wizard: Terminal, config: Path) -> None:
    """Each Esc is one step: two parts of the second server, three of the first, the port, the VIP."""
    at_wizard.sees("Which HA mode?")
    at_wizard.types(DOWN + DOWN + ENTER)
    at_wizard.sees("Virtual IP address")
    at_wizard.types("172.16.0.10/24" + ENTER)
    at_wizard.sees("Port")
    at_wizard.types(CLEAR + "16443" + ENTER)
    at_wizard.sees("LB server 1: Name")
    at_wizard.types(ENTER)
    at_wizard.sees("LB server 1: IP address")
    at_wizard.types("172.16.0.2" + ENTER)
    at_wizard.sees("LB server 1: Network interface")
    at_wizard.types(CLEAR + "bond0" + ENTER)
    at_wizard.sees("LB server 2: Name")
    for question in ("1: Network interface", "1: IP address", "1: Name", "Port", "Virtual IP address"):
        at_wizard.types(ESCAPE)
        at_wizard.sees(question)
    for question, kept in (
        ("", "172.16.0.10/24"),
        ("Port", "16443"),
        ("LB server 1: Name", "lb1"),
        ("LB server 1: IP address", "172.16.0.2"),
        ("LB server 1: Network interface", "bond0"),
    ):
        at_wizard.sees(question)
        at_wizard.sees(kept)
        at_wizard.types(ENTER)
    at_wizard.sees("LB server 2: Name")
    at_wizard.types(CTRL_C)
    assert at_wizard.ends() == 130


def test_back_from_behind_the_servers_keeps_them(at_wizard: Terminal, config: Path) -> None:
    at_wizard.sees("Which HA mode?")
    at_wizard.types(DOWN + DOWN + ENTER)
    at_wizard.sees("Virtual IP address")
    at_wizard.types("172.16.0.10/24" + ENTER)
    at_wizard.sees("Port")
    at_wizard.types(ENTER)
    for number, address in ((1, "172.16.0.2"), (2, "172.16.0.3")):
        at_wizard.sees(f"LB server {number}: Name")
        at_wizard.types(ENTER)
        at_wizard.sees("IP address")
        at_wizard.types(address + ENTER)
        at_wizard.sees("Network interface")
        at_wizard.types(ENTER)
    at_wizard.sees("Add another LB server?")
    at_wizard.types("n" + ENTER)
    at_wizard.sees("User for SSH")
    at_wizard.types(ESCAPE)
    at_wizard.sees("Add another LB server?")
    at_wizard.types("y" + ENTER)
    at_wizard.sees("LB server 3: Name")
    at_wizard.types(ESCAPE)
    at_wizard.sees("Add another LB server?")
    at_wizard.types("n" + ENTER)
    at_wizard.sees("User for SSH")
    at_wizard.types(CLEAR + "x y" + ENTER)
    at_wizard.sees("invalid user name x y")
    at_wizard.types(CLEAR + "ops" + ENTER)
    at_wizard.sees("virtual_router_id")
    at_wizard.types(ENTER)
    at_wizard.sees("Domain")
    at_wizard.types(ENTER)
    at_wizard.sees("Write these changes?")
    at_wizard.types(ENTER)
    at_wizard.sees("Save the plan")
    at_wizard.types(ENTER)
    at_wizard.sees("--lb lb2=172.16.0.3")
    at_wizard.sees("--ssh-user ops")
    assert at_wizard.ends() == 1


def test_an_error_of_the_plan_leads_back_to_the_questions(config: Path, tmp_path: Path) -> None:
    # With port 8443 an LB server may be a control plane; with 6443 only the plan can say that it may not.
    given = ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "a=172.16.0.4", "--lb", "b=172.16.0.3")
    terminal = Terminal(tmp_path, "wizard", *given, "--port", "8443", "--virtual-router-id", "7", "--ssh-user", "root")
    terminal.sees("Domain")
    terminal.types(ENTER)
    terminal.sees("Write these changes?")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


@pytest.mark.parametrize("given", [(), ("--mode", "internal-haproxy")])
def test_an_error_that_no_answer_can_fix_ends_it_before_anything_is_asked(
    given: tuple[str, ...], config: Path, tmp_path: Path
) -> None:
    config.write_bytes(config.read_bytes().replace(b"    - master2", b"    - mistyped", 1))
    before = config.read_bytes()
    terminal = Terminal(tmp_path, "wizard", *given)
    terminal.sees("No answer can fix this; the file has to be edited:")
    terminal.sees("KK114 config-sample.yaml:22: etcd: mistyped not in hosts")
    terminal.sees("-> Add the host to hosts, or fix the name")
    terminal.sees("fix KK114 in the file, then run kkplan again. Nothing was written")
    assert terminal.ends() == 1
    assert "?" not in terminal.seen.partition("endpoint today")[2]  # no question
    assert (config.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (before, [config.name])


def test_an_error_that_only_another_mode_fixes_leads_back_to_the_modes(config: Path, tmp_path: Path) -> None:
    """KubeKey's HAProxy needs port 8081 on the workers; other load balancers do not."""
    config.write_text(
        config.read_text().replace(
            "  kubernetes:\n", "  kubernetes:\n    kubeletConfiguration: {healthzPort: 8081}\n", 1
        )
    )
    terminal = Terminal(tmp_path)
    terminal.sees("Which HA mode?")
    terminal.types(ENTER)
    terminal.sees("Domain")
    terminal.types(ENTER)
    terminal.sees("No answer can fix these errors in this mode. Choose another mode")
    terminal.sees("Which HA mode?")
    terminal.types(DOWN + DOWN + ENTER)
    terminal.sees("Virtual IP address")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


@pytest.mark.parametrize("typed", ["y", "Y", "yes", "是"])
def test_a_typed_yes_writes_only_with_enter(typed: str, config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    terminal = Terminal(tmp_path, "wizard", "--mode", "internal-haproxy", "--domain", "lb.kubesphere.local")
    terminal.sees("Write these changes?")
    terminal.types(typed)
    terminal.sees(typed)
    assert terminal.child.isalive()
    assert config.read_bytes() == before
    terminal.types(ENTER)
    terminal.sees("Written: config-sample.yaml")
    assert terminal.ends() == 0
    assert config.read_bytes() != before


@pytest.mark.parametrize("typed", ["maybe", "yn", "1"])
def test_what_is_neither_yes_nor_no_is_asked_for_again(typed: str, config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    terminal = Terminal(tmp_path, "apply", config.name, "--mode", "internal-haproxy")
    terminal.sees("Write these changes?")
    terminal.types(typed + ENTER)
    terminal.sees("type one of y/n, then press Enter")
    terminal.types(CLEAR + ENTER)
    terminal.sees("Nothing was written.")
    assert terminal.ends() == 1
    assert config.read_bytes() == before


@pytest.mark.parametrize("answers", [[("Write", "s")], [("Write", "n"), ("Save the plan", "y")]], ids=["save", "no"])
def test_the_plan_is_saved_and_its_next_commands_work(
    answers: list[tuple[str, str]], config: Path, tmp_path: Path, kkplan: Kkplan
) -> None:
    before = config.read_bytes()
    terminal = Terminal(tmp_path, "wizard", *PAIR, "--save-answers", "answers.yaml")
    for question, answer in answers:
        terminal.sees(question)
        terminal.types(answer + ENTER)
    terminal.sees("File for the plan")
    terminal.types(CLEAR + config.name + ENTER)
    terminal.sees("is not a plan")
    terminal.types(ESCAPE)
    terminal.sees("Write these changes?")
    terminal.types("s" + ENTER)
    terminal.sees("File for the plan:")
    terminal.sees("ha.plan")
    terminal.types(CLEAR + "my plan" + ENTER)
    terminal.sees("Written: my plan. The config was not changed.")
    terminal.sees("Next steps:")
    assert terminal.ends() == 0
    assert (config.read_bytes(), (tmp_path / "kkplan-out").exists()) == (before, False)
    assert "mode: keepalived\n" in (tmp_path / "answers.yaml").read_text(encoding="utf-8")
    review, rehearse, apply = commands_in(terminal.seen)
    assert rehearse == ["kkplan", "rehearse", "my plan"]
    assert kkplan(*review[1:]).returncode == 0
    assert (tmp_path / "review.html").exists()
    assert kkplan(*apply[1:], "--yes").returncode == 0
    assert config.read_bytes() == (SAMPLES / "keepalived" / "after.yaml").read_bytes()


def test_the_end_names_each_command_up_to_the_new_cluster(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my site"
    folder.mkdir()
    config.rename(folder / "prod.yaml")
    terminal = Terminal(tmp_path, "wizard", "my site/prod.yaml", *PAIR)
    terminal.sees("Write these changes?")
    terminal.types("y" + ENTER)
    terminal.sees("Next steps:")
    assert terminal.ends() == 0
    assert commands_in(terminal.seen) == [
        ["kkplan", "rehearse", "my site/kkplan-out"],
        ["kkplan", "verify", "my site/kkplan-out"],
        ["kk", "create", "cluster", "-f", "my site/prod.yaml"],
        ["kkplan", "verify", "my site/prod.yaml", "--after-install"],
    ]
    assert "2. Set up the LB servers and test their failover" in terminal.seen


def test_a_server_name_that_is_an_address_is_questioned(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "wizard", *PAIR[:4], "--port", "6443")
    terminal.sees("LB server 1: Name")
    terminal.types(CLEAR + "172.16.0.2" + ENTER)
    terminal.sees("172.16.0.2 looks like an address; a name such as lb1 is expected")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


def test_examples_are_of_the_nodes_own_network(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text().replace("172.16.0.", "10.9.8."))
    terminal = Terminal(tmp_path, "wizard", "--mode", "keepalived")
    terminal.sees("(nodes: 10.9.8.4 to 10.9.8.9, so probably 10.9.8.0/24), e.g. 10.9.8.10/24")
    terminal.types("10.9.8" + ENTER)
    terminal.sees("10.9.8 is not an IP address. Use IP or IP/PREFIX. Example: 10.9.8.10/24")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("--mode", "cloud-lb", "--address", "172.16.0.4"), 1, "--address: address 172.16.0.4 belongs to host"),
        (("--mode", "cloud-lb", "--address", "10.233.64.9"), 1, "--address: address 10.233.64.9 is in kubePodsCIDR"),
        (("--mode", "cloud-lb", "--address", "172.16.0.400"), 64, "--address: 172.16.0.400 is not an IP address"),
        (("--mode", "internal-haproxy", "--port", "1"), 64, "--port cannot be used with mode internal-haproxy"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_asked(
    given: tuple[str, ...], code: int, said: str, config: Path, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path, "wizard", *given)
    terminal.sees(said)
    assert terminal.ends() == code


def test_an_address_in_a_network_of_the_cluster_is_asked_for_again(config: Path, tmp_path: Path) -> None:
    """But networks that overlap whatever the answer end the wizard."""
    terminal = Terminal(tmp_path, "wizard", "--mode", "cloud-lb", size=(50, 200))
    terminal.sees("IP address")
    terminal.types("10.233.0.9" + ENTER)
    terminal.sees("is in kubeServiceCIDR 10.233.0.0/18")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    config.write_text(config.read_text().replace("kubePodsCIDR: 10.233.64.0/18", "kubePodsCIDR: 172.16.0.0/16"))
    terminal = Terminal(tmp_path, "wizard", "--mode", "cloud-lb", "--address", "172.16.0.100", size=(50, 200))
    terminal.sees("No answer can fix this")
    terminal.sees("KK322")
    assert terminal.ends() == 1


def test_what_is_wrong_is_told_whole_on_a_narrow_screen(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "wizard", "--mode", "cloud-lb", size=(24, 60))
    terminal.sees("IP address")
    terminal.types("172.16.0.4" + ENTER)
    terminal.sees("belongs to host")
    terminal.sees("so does the endpoint")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


def test_sentences_are_broken_between_words_on_a_terminal_only(config: Path, tmp_path: Path, kkplan: Kkplan) -> None:
    command = ("plan", config.name, "--mode", "internal-haproxy")
    terminal = Terminal(tmp_path, *command, size=(40, 70))
    terminal.sees("kk uses 172.16.0.4\r\n    (master1) for all nodes")
    assert terminal.ends() == 0
    terminal = Terminal(tmp_path, "check", config.name, size=(40, 70))
    terminal.sees("3 control planes but no\r\n  endpoint: every node depends on 172.16.0.4.")
    assert terminal.ends() == 1
    assert b"kk uses 172.16.0.4 (master1) for all" in kkplan(*command).stdout


def test_an_output_folder_that_does_not_fit_loses_no_answer(config: Path, tmp_path: Path) -> None:
    (tmp_path / "kkplan-out").mkdir()
    (tmp_path / "kkplan-out" / "notes").touch()
    terminal = Terminal(tmp_path, "wizard", "--mode", "cloud-lb")
    for question, answer in (("IP address", "172.16.0.100"), ("ort", ""), ("Domain", "")):
        terminal.sees(question)
        terminal.types(answer + ENTER)
    terminal.sees("KK202")
    terminal.sees("Folder for the files")
    terminal.types(ENTER)  # the same again: nothing has changed
    terminal.sees("KK202")
    terminal.sees("Folder for the files")
    terminal.types(CLEAR + "other" + ENTER)
    terminal.sees("Write these changes?")
    terminal.types("y" + ENTER)
    terminal.sees("--address 172.16.0.100 --output-dir other --yes")
    assert terminal.ends() == 0
    assert (tmp_path / "other" / "listener.json").exists()


def test_answers_are_not_saved_over_another_file(config: Path, tmp_path: Path) -> None:
    before = config.read_bytes()
    (tmp_path / "link.yaml").symlink_to(config)
    terminal = Terminal(tmp_path, "wizard", "--save-answers", "link.yaml")
    terminal.sees("is not an answers file")
    assert terminal.ends() == 1
    assert config.read_bytes() == before


def test_apply_asks_at_a_terminal(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "apply", config.name, "--mode", "internal-haproxy")
    terminal.sees("Write these changes?")
    terminal.types("y" + ENTER)
    terminal.sees("Written: config-sample.yaml")
    assert terminal.ends() == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=lambda value: str(value),
)
@pytest.mark.parametrize("steps", [0, 1])
def test_a_signal_leaves_the_terminal_as_it_was(
    number: signal.Signals, code: int, steps: int, config: Path, tmp_path: Path
) -> None:
    """A shell in the terminal sees the exit code, and that what is typed is shown again, line by line."""
    before = config.read_bytes()
    child = pexpect.spawn(
        "/bin/bash",
        ["--norc", "--noprofile"],
        cwd=str(tmp_path),
        env={"TERM": "xterm", "LANG": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PS1": "> "},
        encoding="utf-8",
        dimensions=(50, 160),
        timeout=20,
    )
    child.sendline(f"stty -a > before; {sys.executable} -m kkplan; echo code=$?; stty -a > after; echo do''ne")
    child.expect_exact("Which HA mode?")
    if steps:
        child.send(DOWN + DOWN + ENTER)
        child.expect_exact("Virtual IP address")
    (wizard,) = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text(encoding="ascii").split()
    os.kill(int(wizard), number)
    child.expect_exact(f"code={code}\r\n")
    child.expect_exact("done")
    child.close(force=True)
    assert (tmp_path / "after").read_text() == (tmp_path / "before").read_text()
    assert config.read_bytes() == before


def test_the_printed_command_names_the_files_beside_the_config() -> None:
    """Files that a dialect reads beside it are options of their own; one that looks like an option is none."""
    plan: Any = SimpleNamespace(
        mode="cloud-lb", answers=(("address", "10.0.0.1"),), config=SimpleNamespace(name="c.yaml"), language="en"
    )
    assert command_line(plan, {"machines": "my hosts.yaml"}, "") == (
        "kkplan apply c.yaml --mode cloud-lb --machines 'my hosts.yaml' --address 10.0.0.1 --yes"
    )
    assert "--machines ./-x.yaml" in command_line(plan, {"machines": "-x.yaml"}, "")


def test_a_config_of_kubekey_4_is_found_by_its_inventory(tmp_path: Path) -> None:
    for name in ("config.yaml", "inventory.yaml"):
        (tmp_path / name).write_bytes((SAMPLES / "kubekey4-keepalived" / name).read_bytes())
    terminal = Terminal(tmp_path)
    terminal.sees("config.yaml: cluster kubekey")
    terminal.child.close(force=True)
    (tmp_path / "inventory.yaml").unlink()
    terminal = Terminal(tmp_path)
    terminal.sees("KubeKey's config")
    terminal.child.close(force=True)


def test_the_guides_files_are_an_option_and_no_question(config: Path, tmp_path: Path) -> None:
    """Its virtual_router_id is proposed; the answers and the command of the end have the choice."""
    given = [word for word in PAIR if word not in ("--virtual-router-id", "10")]
    terminal = Terminal(tmp_path, "wizard", *given, "--lb-files", "guide", "--save-answers", "answers.yaml")
    terminal.sees("virtual_router_id")
    terminal.sees("60")
    terminal.types(ENTER)
    terminal.sees("KK203")
    terminal.sees("Write these changes?")
    terminal.types("y" + ENTER)
    terminal.sees("--lb-files guide")
    assert terminal.ends() == 0
    assert 'lb_files: "guide"\n' in (tmp_path / "answers.yaml").read_text(encoding="utf-8")
    assert "virtual_router_id 60\n" in (tmp_path / "kkplan-out/lb2/keepalived.conf").read_text(encoding="utf-8")


def test_only_the_modes_of_the_configs_kubekey_are_offered(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.sees("Which HA mode?")
    terminal.sees("keepalived")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    assert "kube-vip" not in terminal.seen
    for name in ("config.yaml", "inventory.yaml"):
        (tmp_path / name).write_bytes((SAMPLES / "kubekey4-kube-vip" / name).read_bytes())
    terminal = Terminal(tmp_path, "wizard", "config.yaml")
    terminal.sees("Which HA mode?")
    terminal.sees("kube-vip")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


def test_a_given_mode_that_the_kubekey_lacks_ends_it_before_anything_is_asked(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "wizard", "--mode", "kube-vip")
    terminal.sees("kkplan: error: mode kube-vip needs KubeKey 4")
    assert terminal.ends() == 1
    assert "Virtual IP" not in terminal.seen


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_missing_mode_lists_those_of_the_configs_kubekey(command: str, config: Path, kkplan: Kkplan) -> None:
    result = kkplan(command, config.name)
    assert result.returncode == 64
    assert b"Choose one of: internal-haproxy, cloud-lb, keepalived\n" in result.stderr


def test_an_error_of_the_dialect_is_shown_below_the_question(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read(read_config(str(config)))
    kube_vip = mode_named("kube-vip")
    conversation = Conversation(reading, kube_vip, {})
    asked: list[Text | None] = []

    def answered(prompt: Text, default: str, problem: Callable[[str], Text | None]) -> Back:
        asked.append(problem("172.16.0.10"))
        raise Interrupted(T("interrupted; nothing was written"))

    monkeypatch.setattr("kkplan.cli.conversation.ask_text", answered)
    with pytest.raises(Interrupted):
        conversation.finish()
    assert "needs KubeKey 4" in str(asked[0])


def test_a_vip_in_the_wrong_subnet_is_no_trap(config: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "wizard", "--mode", "keepalived", size=(50, 200))
    terminal.sees("Virtual IP address")
    terminal.types("172.16.1.4" + ENTER)
    terminal.sees("Port")
    terminal.types(ENTER)
    terminal.sees("LB server 1: Name")
    terminal.types(ENTER)
    terminal.sees("LB server 1: IP address")
    terminal.types("172.16.0.2" + ENTER)
    terminal.sees("is not in the VIP's subnet 172.16.1.0/24")
    terminal.sees("Esc goes back to earlier answers")
    for question in ("LB server 1: Name", "Port", "Virtual IP address"):
        terminal.types(ESCAPE)
        terminal.sees(question)
    terminal.types(CTRL_C)
    assert terminal.ends() == 130


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("--mode", "cloud-lb", "--address", "172.16.0.10/24"), "172.16.0.10/24 has a prefix. Write it without /24"),
        (("--mode", "kube-vip", "--address", "172.16.0.10/24"), "172.16.0.10/24 has a prefix. Write it without /24"),
        (("--mode", "cloud-lb", "--address", "172.16.0/24"), "172.16.0/24 is not an IP address"),
        ((*PAIR[:5], "lb1=172.16.0.2,eth0"), "unknown eth0; write nic=eth0"),
        ((*PAIR[:5], "lb1=172.16.0.2,mtu=9"), "unknown mtu; only nic=NIC may follow the address"),
    ],
)
def test_an_error_says_what_to_write(answer: tuple[str, ...], said: str, config: Path, kkplan: Kkplan) -> None:
    result = kkplan("plan", config.name, *answer)
    assert result.returncode == 64
    assert said in result.stderr.decode()
