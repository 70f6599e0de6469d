"""The runbook for a cluster that already runs: its own commands, where they fail, are repeated, or meet other files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kkplan.modes.keepalived.bundle import bundle
from tests.modes.test_keepalived_bundle import settings

VIP = "172.16.0.10"
PKI = "etc/kubernetes/pki"
OLD = "root/old-certificate"
# Prints what a certificate of this test is: its names.
OPENSSL = '#!/bin/sh\necho "X509v3 Subject Alternative Name:"\ncat "$3"\n'


def blocks() -> dict[str, str]:
    """The section's blocks of shell, each by the paragraph before it."""
    text = next(file.content for file in bundle(settings()) if file.path == "README.md")
    section = text.partition("\n## A cluster that already runs\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"\n([^\n]+)\n\n```sh\n(.*?)```", section, re.DOTALL))


def block(words: str) -> str:
    (found,) = (commands for prose, commands in blocks().items() if words in prose)
    return found


class Node:
    """A control plane whose / is a folder; programs of Kubernetes are stand-ins."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in (PKI, "etc/kubernetes/manifests", "root", "bin"):
            (root / folder).mkdir(parents=True)
        self.write("etc/kubernetes/manifests/kube-apiserver.yaml", "manifest\n")
        for name in ("crt", "key"):
            self.write(f"{PKI}/apiserver.{name}", "original\n")
        self.program("openssl", OPENSSL)
        self.program("sleep", "#!/bin/sh\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, encoding="utf-8")

    def program(self, name: str, text: str) -> None:
        self.write(f"bin/{name}", text)
        (self.root / "bin" / name).chmod(0o755)

    def kubeadm(self, certificate: str) -> None:
        """A kubeadm that issues this one; "" fails. An existing certificate stays, as with the real one."""
        issue = f"[ -e {self.root}/{PKI}/apiserver.crt ] || echo {certificate} | tee apiserver.crt >apiserver.key"
        self.program("kubeadm", f"#!/bin/sh\ncd {self.root}/{PKI}\n{issue if certificate else 'exit 1'}\n")

    def run(self, commands: str) -> str:
        """The commands one after the other, as someone pastes them: a failed one does not keep the next ones."""
        moved = re.sub(r"(?<= )/(?=(etc|root)/)", f"{self.root}/", commands)
        environ = {"PATH": f"{self.root}/bin:/usr/bin:/bin"}
        return subprocess.run(
            ["sh", "-c", moved], env=environ, cwd=self.root, capture_output=True, text=True, check=False
        ).stdout

    def certificates(self) -> Iterator[str]:
        """All that the node has, the one in use first."""
        for folder in (PKI, OLD):
            for path in sorted((self.root / folder).glob("apiserver.crt*")):
                yield path.read_text(encoding="utf-8").strip()


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


ISSUE, PUT_BACK, RESTART = "issue a new certificate", "If `kubeadm` fails", "If all names are there"


def test_the_old_certificate_is_shown_beside_the_new_one(node: Node) -> None:
    node.kubeadm("new")
    found = node.run(block(ISSUE))
    assert [line for line in found.splitlines() if "X509" not in line] == ["original", "new"]
    assert list(node.certificates()) == ["new", "original"]


def test_after_a_failure_the_old_certificate_is_back(node: Node) -> None:
    node.kubeadm("")
    node.run(block(ISSUE))
    assert list(node.certificates()) == ["original"]
    node.run(block(PUT_BACK))
    assert {path.name: path.read_text(encoding="utf-8") for path in (node.root / PKI).iterdir()} == {
        "apiserver.crt": "original\n",
        "apiserver.key": "original\n",
    }


@pytest.mark.parametrize("put_back", [False, True])
def test_a_repetition_loses_no_certificate(node: Node, put_back: bool) -> None:
    node.kubeadm("without-the-vip")
    node.run(block(ISSUE))
    if put_back:
        node.run(block(PUT_BACK))
    node.kubeadm("new")
    node.run(block(ISSUE))
    in_use, *others = node.certificates()
    assert in_use == "new"
    assert "original" in others


def test_no_block_issues_a_certificate_and_restarts_at_once() -> None:
    """What is pasted as a whole would restart the API server with a certificate that nobody has looked at."""
    for commands in blocks().values():
        assert not ("kubeadm init" in commands and "manifests" in commands)
        assert not ("/etc/hosts" in commands and "restart kubelet" in commands)


def test_the_manifest_is_back_after_the_restart(node: Node) -> None:
    (node.root / OLD).mkdir()
    node.run(block(RESTART))
    assert [path.name for path in (node.root / "etc/kubernetes/manifests").iterdir()] == ["kube-apiserver.yaml"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("172.16.0.4  lb.kubesphere.local", f"{VIP}  lb.kubesphere.local"),
        ("172.16.0.4\tlb.kubesphere.local # kk", f"{VIP}\tlb.kubesphere.local # kk"),
        # KubeKey 4 on a control plane.
        (
            "127.0.0.1 lb.kubesphere.local\n::1 lb.kubesphere.local",
            f"{VIP} lb.kubesphere.local\n{VIP} lb.kubesphere.local",
        ),
        (f"{VIP} lb.kubesphere.local", f"{VIP} lb.kubesphere.local"),
        # These are left to a person, who sees them.
        ("172.16.0.4 cp1 lb.kubesphere.local", "172.16.0.4 cp1 lb.kubesphere.local"),
        ("172.16.0.5 lbxkubesphere.local lb.kubesphere.locals", ""),
    ],
)
def test_hosts_file(node: Node, line: str, shown: str) -> None:
    node.write("etc/hosts", f"127.0.0.1 localhost\n{line}\n172.16.0.4 cp1\n")
    assert node.run(block("6. Point the domain")).rstrip("\n") == shown
    text = (node.root / "etc/hosts").read_text(encoding="utf-8")
    assert text.startswith("127.0.0.1 localhost\n")
    assert text.endswith("\n172.16.0.4 cp1\n")
