"""No place of a secret that an attacker tried, and none that is made up, is said by any command."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from kkplan.cli.main import run
from tests.cli.secret_places import COMMENTS, VALUES
from tests.cli.test_canary import READERS, WAYS, commands
from tests.conftest import SAMPLES, Kkplan

PLAIN = """\
apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata: {{name: sample}}
spec:
  hosts:
  - {{name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id}}
  - {{name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id}}
  - {{name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id}}
  - {{name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id{host}}}
  roleGroups:
    etcd: [master1, master2, master3]
    control-plane: [master1, master2, master3]
    worker: [node1]
{top}
  controlPlaneEndpoint:
    domain: lb.kubesphere.local
    address: ""
    port: 6443
{inside}
  kubernetes:
{below}
    version: v1.28.0
    clusterName: cluster.local
{document}"""
SECRET = "Zq9xSEKRIT7w"


def said_by(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says, in this process: a second for hundreds of them."""
    run(list(arguments))
    said = "".join(capfd.readouterr())
    assert "bug in kkplan" not in said, said
    return said


def everything_said(capfd: pytest.CaptureFixture[str], folder: Path) -> Iterator[tuple[object, str]]:
    """Each command with what it says and writes."""
    for arguments in (*READERS, *commands(WAYS[1]), *commands(WAYS[0])):
        if "rehearse" not in arguments and "verify" not in arguments:
            yield arguments, said_by(capfd, *arguments)
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("c.yaml"):
            yield path, path.read_bytes().decode()


def indented(rows: str, width: int) -> str:
    return "\n".join(" " * width + row for row in rows.splitlines())


@pytest.mark.parametrize("comment", COMMENTS)
def test_no_comment_says_it(
    comment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    row = f"# {comment.format(S=SECRET)}" if "{S}" in comment else comment
    parts = {
        "host": "",
        "top": indented(row, 2),
        "inside": indented(row, 4),
        "below": indented(row, 4),
        "document": row,
    }
    Path("c.yaml").write_text(PLAIN.format(**parts))
    for arguments in (("plan", "c.yaml", *WAYS[1]), ("check", "c.yaml")):
        said = said_by(capfd, *arguments)
        assert SECRET not in said
        assert "controlPlaneEndpoint" in said


@pytest.mark.parametrize("value", VALUES)
def test_no_value_says_it(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    row = value.replace("{S}", SECRET)
    is_item = row.startswith("- ")
    parts = {"host": "", "top": "", "inside": "", "below": "" if is_item else indented(row, 4), "document": ""}
    parts |= {"top": "  foo:\n" + indented(row, 2)} if is_item else {}
    Path("c.yaml").write_text(PLAIN.format(**parts))
    for arguments in (("plan", "c.yaml", *WAYS[1], "--out", "ha.plan"), ("check", "c.yaml")):
        assert SECRET not in said_by(capfd, *arguments)
    assert all(SECRET not in path.read_text() for path in tmp_path.glob("ha.plan"))


WORDS = (
    "密码",
    "ｐａｓｓｗｏｒｄ",
    "пароль",
    "tls.key",
    "id_rsa",
    "encryptionKey",
    "passwrod",
    "pa$$word",
    "root pw",
    "口令",
    "data",
    "labels",
    "values",
)
FORMS = ("{0}", "ghp_{0}{0}", "$6$salt${0}", "https://{0}@h/", "https://h/x?sig={0}", "eyJhbGciOiJIUzI1NiJ9.{0}.{0}", "u:{0}@tcp(db)/x", "{0}/{0}+{0}==", "--password {0}", "-----BEGIN RSA PRIVATE KEY----- {0}")  # fmt: skip


def made_up(number: int) -> str:
    """A config with the secret in dozens of places, made up from the number."""
    chance = random.Random(number)

    def key() -> str:
        letters = "".join(chance.choices(string.ascii_letters + string.digits, k=chance.randint(1, 12)))
        return json.dumps(chance.choice([*WORDS, letters]) + str(chance.randint(0, 10**9)), ensure_ascii=False)

    def value() -> str:
        return json.dumps(chance.choice(FORMS).format(SECRET), ensure_ascii=False)

    def rows() -> str:
        shapes = (
            lambda: f"{key()}: {value()}",
            lambda: f"{key()}: {{{key()}: {value()}, {key()}: [{value()}, {value()}]}}  # {SECRET}",
            lambda: f"{key()}: |\n  {chance.choice(FORMS).format(SECRET)}\n  more",
            lambda: f"{key()}:\n- {value()}\n- name: {value()}\n  value: {value()}",
            lambda: f"{key()}: &a{chance.randint(0, 10**9)} {value()}",
            lambda: f"# {chance.choice(WORDS)} {SECRET}",
            lambda: f"{key()}: >-  # {SECRET}\n  {SECRET}",
            lambda: f"? {value()}\n: {value()}",
        )
        return "\n".join(chance.choice(shapes)() for _ in range(chance.randint(1, 4)))

    return PLAIN.format(
        host=f", labels: {{{key()}: {value()}}}, {key()}: {value()}",
        top=indented(rows(), 2) + f"\n  registry: {{auths: {{{key()}: {{password: {value()}}}}}, registryMirrors: [{value()}]}}",
        inside=indented(rows(), 4),
        below=indented(f"apiserverArgs: [{value()}, {value()}]\n" + rows(), 4),
        document=f"---\nkind: Secret\nstringData:\n{indented(rows(), 2)}\n",
    )  # fmt: skip


@pytest.mark.parametrize("number", range(24))
def test_no_command_says_what_is_made_up(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    text = made_up(number)
    if number % 4 == 3:  # a file that no parser reads
        cut = text.index(SECRET, len(text) * (number % 16) // 20) + 5
        text = text[:cut] + random.Random(number).choice(["\t: @", '"', "}", "]", "\n\t x"]) + text[cut + 5 :]
    Path("c.yaml").write_text(text)
    for source, said in everything_said(capfd, tmp_path):
        assert SECRET not in said, source
        assert "Traceback" not in said, source


@pytest.mark.parametrize(
    "block",
    [
        '    address: ""  # 密码是 {0}\n',
        '    address: "" # {0}\n    # internalLoadbalancer: haproxy # {0}\n',
        "    address: 10.0.0.9 # {0}\n    internalLoadbalancer: haproxy # {0}\n",
    ],
)
def test_the_comment_of_an_edited_line_is_masked(block: str, kkplan: Kkplan, tmp_path: Path) -> None:
    config = (SAMPLES / "internal-haproxy" / "config-sample.yaml").read_text(encoding="utf-8")
    secret = "Qwer-1234"
    head, _, _ = config.partition("  controlPlaneEndpoint:\n")
    text = f"{head}  controlPlaneEndpoint:\n    domain: lb.kubesphere.local\n{block.format(secret)}    port: 6443\n"
    for way in (("internal-haproxy",), ("cloud-lb", "--address", "192.168.0.100")):
        (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
        for command in (("plan",), ("plan", "--format", "json"), ("plan", "--out", "ha.plan"), ("apply", "--yes")):
            done = kkplan(command[0], "c.yaml", "--mode", *way, *command[1:])
            assert secret.encode() not in done.stdout + done.stderr, (way, command)
        assert secret in (tmp_path / "c.yaml").read_text(encoding="utf-8")
        assert secret.encode() not in (tmp_path / "ha.plan").read_bytes()
