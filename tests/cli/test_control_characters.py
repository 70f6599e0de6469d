"""No control character of a config, a file's name or an answer reaches a terminal, a diff or another format raw."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from datetime import datetime, timezone
from pathlib import Path

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkplan.modes.question import domain_problem, ip_problem, nic_problem, server_name_problem, vip_problem
from kkplan.render.style import displayable
from kkplan.verification.certificate import Issuer, read_certificate
from kkplan.visible import has_control_characters, json_text, on_one_line, visible
from tests.cli.test_secret_places import said_by
from tests.conftest import Kkplan

CHARACTERS = (
    "\x00", "\x01", "\a", "\b", "\v", "\f", "\r", "\n", "\x1b", "\x1b]0;pwned\a", "\x1b[31m", "\x1b[8m", "\x7f", "\x80", "\x85", "\x9b", "\x9d",
    "\u061c", "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
    "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff", "\n::stop-commands::x\n", "\r::error::x", "\n+++ x.sh\n@@ -0,0 +1 @@\n+id\n", "\n## A\n\n```sh\n",
)  # fmt: skip
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

HOST = "{{name: {0}, address: {1}, internalAddress: {1}, user: root, privateKeyPath: ~/.ssh/id}}"
NAMES = ("host", "address", "internal", "group", "domain", "cluster")  # what a plan stands on and does not change
FIELDS = (*NAMES, "endpoint", "version", "key", "balancer")
WAY = ("--mode", "cloud-lb", "--address", "10.20.0.100")
PAIR = (
    "--mode",
    "keepalived",
    "--address",
    "172.16.0.10/24",
    "--lb",
    "lb1=172.16.0.2,nic=eth0",
    "--lb",
    "lb2=172.16.0.3",
)
COMMANDS = (
    *(("plan", "c.yaml", *way, "--full", "--format", form) for way in (WAY, PAIR) for form in ("text", "json")),
    ("plan", "c.yaml", "--mode", "internal-haproxy", "--lang", "zh"),
    ("apply", "c.yaml", *WAY, "--yes"),
    *(("check", "c.yaml", "--format", form) for form in ("text", "json", "sarif", "github")),
    *(("show", "c.yaml", "--format", form) for form in ("text", "json", "mermaid")),
)


def test_every_format_character_of_unicode_is_escaped() -> None:
    """Category Cf: what has no shape of its own, or turns, joins or hides what is around it."""
    hidden = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]
    assert len(hidden) > 150
    assert [f"U+{ord(character):04X}" for character in hidden if visible(character) == character] == []


def config(field: str, character: str) -> str:
    """A right config but for the character in the field."""

    def text(name: str, value: str) -> str:
        return json.dumps(value[:2] + character + value[2:] if name == field else value)

    return f"""\
apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata: {{name: {text("cluster", "sample")}}}
spec:
  hosts:
  - {{name: {text("host", "master1")}, address: {text("address", "172.16.0.4")}, internalAddress: {text("internal", "172.16.0.4")}, user: root, privateKeyPath: ~/.ssh/id}}
  - {HOST.format("master2", "172.16.0.5")}
  - {HOST.format("master3", "172.16.0.6")}
  - {HOST.format("node1", "172.16.0.7")}
  roleGroups:
    etcd: [master2, master3, {text("host", "master1")}]
    control-plane: [master2, master3, {text("host", "master1")}]
    worker: [node1]
    {text("group", "mine")}: [node1]
  controlPlaneEndpoint:
    internalLoadbalancer: {text("balancer", "")}
    domain: {text("domain", "lb.kubesphere.local")}
    address: {text("endpoint", "")}
    port: 6443
  kubernetes:
    version: {text("version", "v1.26.5")}
    {text("key", "clusterName")}: cluster.local
"""


def raw_characters(said: str) -> list[str]:
    """The lines in which a control character stands as it is."""
    return [line for line in said.replace("\r\n", "\n").split("\n") if RAW.search(line)]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("field", FIELDS)
def test_none_of_a_config_is_said_or_written(
    field: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for character in CHARACTERS:
        Path("c.yaml").write_text(config(field, character))
        for arguments in COMMANDS:
            said = said_by(capfd, *arguments)
            assert raw_characters(said) == [], arguments
            forged = re.compile(r"(?:::|[+]?## A$|[+]?```sh\nid|[+]{3} x|@@ -0,0 [+]1 @@)", re.MULTILINE)
            assert not [
                line
                for line in said.split("\n")
                if forged.match(line)
                and "::error file=" not in line
                and "::warning" not in line
                and "::notice" not in line
            ], arguments
    if field in NAMES:
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c.yaml"], "nothing was written"


@pytest.mark.sampled(7)
@pytest.mark.parametrize("field", NAMES)
@pytest.mark.parametrize("character", ["\n", "\x1b", "\x9b", "\u202e", "\u2028"])
def test_one_in_a_name_is_an_error(field: str, character: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(config(field, character))
    (tmp_path / "c.yaml").chmod(0o600)
    for arguments in (("check", "c.yaml"), ("plan", "c.yaml", *WAY), ("apply", "c.yaml", *WAY, "--yes")):
        ran = kkplan(*arguments)
        assert ran.returncode == 1
        assert b"KK316" in ran.stdout + ran.stderr, arguments
    assert not (tmp_path / "kkplan-out").exists()


@pytest.mark.sampled(6)
@pytest.mark.parametrize("character", [one for one in CHARACTERS if "\0" not in one])
def test_none_of_a_file_s_name_is_said(
    character: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"a{character.replace('/', '')}.yaml"
    Path(name).write_text(config("", ""))
    Path(f"x{name}").mkdir()
    Path(f"broken-{name}").write_text("a: [\n")
    for arguments in (
        *((command, name, *arguments) for command, _, *arguments in COMMANDS),
        ("plan", name, *PAIR, "--output-dir", f"out-{name}", "--out", f"plan-{name}"),
        ("apply", f"plan-{name}", "--yes"),
        ("check", "."),
        ("check", f"broken-{name}"),
        ("show", f"missing-{name}"),
        ("apply", f"x{name}"),
        ("rehearse", f"x{name}"),
        ("explain", name),
        (name,),
    ):
        said = said_by(capfd, *arguments)
        assert raw_characters(said) == [], arguments
        assert not re.search(r"^(?:::stop|## A$|\+id|\+\+\+ x)", said, re.MULTILINE), arguments
    written = [path for path in tmp_path.rglob("*") if path.is_file() and "out" in path.parent.name]
    for path in written:
        assert raw_characters(path.read_text()) == [], path


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_forged_hunk_creates_no_file(command: str, kkplan: Kkplan, tmp_path: Path) -> None:
    """A diff is fed to patch(1), which takes whatever looks like one."""
    forged = "master1\n--- /dev/null\n+++ deploy.sh\n@@ -0,0 +1 @@\n+echo\n"
    (tmp_path / "c.yaml").write_text(config("host", forged))
    ran = kkplan(command, "c.yaml", *WAY, "--full")
    subprocess.run(["patch", "-p0", "--batch"], input=ran.stdout, cwd=tmp_path, capture_output=True, check=False)
    assert not (tmp_path / "deploy.sh").exists()


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u200b", "\u202e", "\u2066", "\ufeff", "\u061c"])
def test_a_comment_of_an_edited_line_is_shown_without_them(character: str, kkplan: Kkplan, tmp_path: Path) -> None:
    text = config("", "").replace('address: ""', f'address: ""  # a{character}b')
    (tmp_path / "c.yaml").write_text(text)
    ran = kkplan("plan", "c.yaml", *WAY)
    said = (ran.stdout + ran.stderr).decode()
    assert raw_characters(said) == []
    assert ran.returncode == 1 or b"text that may be secret: 2." in ran.stderr


def test_a_terminal_gets_kkplan_s_colours_only(tmp_path: Path) -> None:
    for field, character in (("host", "\x1b[31m"), ("domain", "\x9b2J"), ("endpoint", "\u202e"), ("group", "\r")):
        (tmp_path / "c.yaml").write_text(config(field, character))
        for command in ("check", "show"):
            said = pexpect.run(
                f"{sys.executable} -m kkplan {command} c.yaml", cwd=str(tmp_path), encoding="utf-8",
                env={**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(tmp_path)},
            )  # fmt: skip
            assert "\x1b[" in str(said)
            assert raw_characters(re.sub(r"\x1b\[[0-9;]{1,7}m", "", str(said))) == []


@given(st.text())
def test_whatever_is_displayed_has_no_control_character(text: str) -> None:
    assert not has_control_characters(on_one_line(text))
    assert raw_characters(visible(text)) == []
    assert displayable(f"\x1b[31m{visible(text)}\x1b[0m") == f"\x1b[31m{visible(text)}\x1b[0m"
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(codec="utf-8")))
def test_json_means_the_same(text: str) -> None:
    written = json_text({"a": text})
    assert json.loads(written) == {"a": text}
    assert raw_characters(written) == []


@pytest.mark.parametrize("character", CHARACTERS)
def test_no_answer_takes_one(character: str) -> None:
    assert all(
        problem(value + character + "1") is not None
        for problem, value in (
            (nic_problem, "eth"), (server_name_problem, "lb"), (domain_problem, "lb"), (ip_problem, "10.0.0."), (vip_problem, "10.0.0."),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["-x", "a b", "a/b", "$(id)", "a'b", 'a"b', "a;b", "a`b", "a" * 16, ".", "..", "@a", "中", "a\\b", ""]
)
def test_a_nic_s_name_is_safe_for_kernel_and_shell(name: str) -> None:
    assert nic_problem(name) is not None
    assert all(nic_problem(good) is None for good in ("eth0", "enp0s31f6", "bond0.100", "br-lan", "ens3_1"))


def test_none_of_a_certificate_is_shown() -> None:
    from asn1crypto import keys, x509

    def name(text: str) -> x509.Name:
        return x509.Name.build({"common_name": text})

    key = keys.PublicKeyInfo(
        {"algorithm": {"algorithm": "rsa"}, "public_key": keys.RSAPublicKey({"modulus": 3, "public_exponent": 3})}
    )
    moment = x509.Time({"utc_time": datetime(2026, 1, 1, tzinfo=timezone.utc)})
    made = x509.TbsCertificate(
        {
            "version": "v3", "serial_number": 1, "signature": {"algorithm": "sha256_rsa"}, "issuer": name("ca\x1b]0;x\a\u202e\n::x"), "subject": name("a"),
            "validity": {"not_before": moment, "not_after": moment}, "subject_public_key_info": key,
        }
    )  # fmt: skip
    certificate = x509.Certificate(
        {"tbs_certificate": made, "signature_algorithm": {"algorithm": "sha256_rsa"}, "signature_value": b"x"}
    )
    assert read_certificate(certificate.dump()).issuer == Issuer(r"ca\x1b]0;x\x07\u202e\n::x", "")
