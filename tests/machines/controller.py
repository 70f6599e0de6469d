"""The machine of a site's engineer: SSH to the LB servers, Ansible, and the folder that kkplan wrote."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from tests.conftest import ROOT
from tests.lb_programs import Machine
from tests.machines.pair import BootedPair

ADDRESS = "172.16.0.20"
USER = "ops"
PASSWORD = "correct horse"  # of a user on a machine in memory

# As `make test` puts it there; else the one on the path.
_PATH = f"/run/bin:{ROOT / '.venv-ansible' / 'bin'}:{os.environ['PATH']}"
_CONFIG = """Host *
    IdentityFile /run/key
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
"""


def reason_to_skip() -> str:
    """Why nothing here can be told over SSH or by Ansible; "" where it can."""
    missing = [name for name in ("ansible-playbook", "ssh", "scp", "ssh-keygen") if not shutil.which(name, path=_PATH)]
    return f"not installed: {', '.join(missing)}; make test installs them" if missing else ""


class Controller(Machine):
    """A machine with a key that root and another user of each LB server accept. That one needs sudo, with its password."""

    def __init__(self, pair: BootedPair) -> None:
        super().__init__()
        pair.add_machine(self, ADDRESS)
        self._folder = pair.bundle
        self._servers = tuple(pair.lbs.values())
        self.do("ssh-keygen -q -t ed25519 -N '' -f /run/key")
        self.write("/run/ssh_config", _CONFIG.encode())
        self.do("mkdir /run/bin")
        for name in ("ssh", "scp"):
            program = shutil.which(name)
            self.write(f"/run/bin/{name}", f'#!/bin/sh\nexec {program} -F /run/ssh_config "$@"\n'.encode(), 0o755)
        self.write("/run/bin/kkplan", f'#!/bin/sh\nexec {sys.executable} -m kkplan "$@"\n'.encode(), 0o755)
        self.write("/run/password", PASSWORD.encode(), 0o600)
        key = self.do("cat /run/key.pub")
        for server in pair.lbs.values():
            server.succeed("useradd", "--create-home", "--shell=/bin/bash", "--groups=sudo", USER)
            server.succeed("sh", "-c", f"echo '{USER}:{PASSWORD}' | chpasswd")
            for home in ("/root", f"/home/{USER}"):
                server.write_file(f"{home}/.ssh/authorized_keys", f"{key}\n", 0o600)
            server.succeed("chown", "-R", f"{USER}:", f"/home/{USER}")

    def need_no_password(self) -> None:
        """From now on, sudo asks the user for no password: it would need a terminal."""
        for server in self._servers:
            server.write_file(f"/etc/sudoers.d/{USER}", f"{USER} ALL=(ALL) NOPASSWD: ALL\n", 0o440)

    def shell(self, lines: str) -> tuple[int, str]:
        """Run lines of shell in the folder that kkplan wrote; all of them have to succeed."""
        environment = {
            "PATH": _PATH,
            "HOME": "/run",
            "LANG": "C.UTF-8",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": "/run/ansible",
        }
        words = [f"{name}={value}" for name, value in environment.items()]
        ran = subprocess.run(
            self.command("env", "-i", f"--chdir={self._folder}", *words, "bash", "-euo", "pipefail", "-c", lines),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return ran.returncode, ran.stdout

    def play(self, playbook: str, *options: str) -> tuple[dict[str, int], str]:
        """Run a playbook, which has to succeed; how many tasks changed something on each LB server, and the output."""
        status, said = self.shell(
            f"ansible-playbook -i ansible/inventory.yaml ansible/{playbook}.yaml {' '.join(options)}"
        )
        assert status == 0, said
        recap = said.partition("PLAY RECAP")[2]
        return {
            name: int(changed) for name, changed in re.findall(r"^(\S+) .*\bchanged=(\d+)", recap, re.MULTILINE)
        }, said


def commands_of(runbook: str, section: str) -> Iterator[str]:
    """The blocks of shell of the runbook's section."""
    text = runbook.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    yield from re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
