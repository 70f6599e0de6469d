"""A canary in every place where a config may hold a secret is looked for in all that every command says and writes."""

from __future__ import annotations

import json
import os
import random
import re
import stat
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from kkplan.cli.main import run
from tests.cli.secret_places import COMMENTS, VALUES
from tests.conftest import Kkplan

CANARY = "Kanarie77"
KEYED = f"MIIEpAIBAAKCAQEA{CANARY}q8Zt1hF3x0sLw2"

CONFIG = f"""\
# root password: {CANARY} (on all machines)
apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: sample
  annotations: {{vault-token: "{CANARY}"}}
spec:
  hosts:
  - {{name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, password: "{CANARY}"}} # or {CANARY}
  - {{name: master2, address: 172.16.0.5, internalAddress: "172.16.0.5", user: root, paasword: {CANARY}}}
  - {{name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, password: a,{CANARY}}}
  - name: node1
    address: 172.16.0.7
    internalAddress: 172.16.0.7
    user: root
    privateKey: |
      -----BEGIN RSA PRIVATE KEY-----
      {KEYED}
      -----END RSA PRIVATE KEY-----
    Password: '{CANARY}'
    sudoPasswd: {CANARY}
  # - {{name: node2, address: 172.16.0.8, password: {CANARY}}}
  roleGroups:
    etcd: [master1, master2, master3]
    control-plane: [master1, master2, master3]
    worker: [node1]
    registry: [node1]
  controlPlaneEndpoint:
    ## Internal loadbalancer for apiservers
    # internalLoadbalancer: haproxy   # login admin / secret {CANARY}
    domain: lb.kubesphere.local       # https://admin:{CANARY}@lb.example.com
    address: "https://admin:{CANARY}@10.0.0.9"
    port: 6443                        # 密码：{CANARY}
    pasword: {CANARY}
    token: {CANARY}
  system:
    preInstall:
    - name: login
      bash: |
        sshpass -p {CANARY} ssh root@10.0.0.1 true
        curl -u admin:{CANARY} https://10.0.0.1/x
        curl -H "Authorization: Bearer {CANARY}" https://10.0.0.1/x
        export REGISTRY_PASSWORD={CANARY}
        docker login harbor.local -u admin -p {CANARY}
        cat > /root/key <<EOF
        -----BEGIN EC PRIVATE KEY-----
        {KEYED}
        -----END EC PRIVATE KEY-----
        EOF
    postInstall:
    - {{bash: "mysql --password={CANARY}"}}
  kubernetes:
    version: v1.23.10
    clusterName: cluster.local
    apiserverArgs:
    - oidc-client-secret={CANARY}
    - "--service-token {CANARY}"
    kubeletConfiguration: {{serviceToken: "{CANARY}"}}
    controllerManagerArgs: ["token={CANARY}"]
  etcd:
    type: kubekey
    external:
      endpoints: ["https://root:{CANARY}@10.0.0.5:2379"]
      keyData: {KEYED}
  network: {{plugin: calico}}
  storage:
    openebs: {{apiKey: {CANARY}}}
  registry:
    privateRegistry: "https://user:{CANARY}@hub.local"
    registryMirrors: ["https://user:{CANARY}@mirror.local", http://u:{CANARY}@m2.local]
    auths:
      "hub.local":
        username: admin
        password: {CANARY}
        auth: {CANARY}
        certsPath: /etc/hub
        plainHTTP: "{CANARY}"
    harborAdminPassword: {CANARY}
  addons:
  - name: nfs
    namespace: kube-system
    sources:
      chart:
        name: nfs
        repo: https://user:{CANARY}@charts.local
        values:
        - nfs.password={CANARY}
        - secretKey={CANARY}
        valuesFile: https://u:{CANARY}@files.local/v.yaml
      yaml:
        path: [ "https://u:{CANARY}@files.local/a.yaml" ]
---
apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata: {{name: ks-installer}}
spec:
  authentication: {{jwtSecret: "{CANARY}"}}
  common:
    minio: {{rootPassword: {CANARY}}}
    openldap: {{adminPassword: "{CANARY}", volumeSize: 2Gi}}
    es: {{basicAuth: {{enabled: true, username: "x", password: "{CANARY}"}}}}
  notification:
    smtp: {{authPassword: {CANARY}, token: {CANARY}}}
---
apiVersion: v1
kind: Secret
metadata: {{name: any}}
stringData: {{password: {CANARY}, token: {CANARY}}}
"""

SPOILED: dict[str, Callable[[str], str]] = {
    "whole": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "a quote that is not closed": lambda text: text.replace(f'password: "{CANARY}"', f'password: "{CANARY}', 1),
    "a brace that is not closed": lambda text: text.replace(f'"{CANARY}"}} # or', f'"{CANARY}" # or', 1),
    "a tab": lambda text: text.replace(f"    Password: '{CANARY}'", f"\tPassword: '{CANARY}'"),
    "a wrong indentation": lambda text: text.replace("    Password:", "   Password:"),
    "no blank behind the colon": lambda text: text.replace("    sudoPasswd: ", "    sudoPasswd:"),
    "a percent sign": lambda text: text.replace(f"password: a,{CANARY}", f"password: %{CANARY}"),
    "an at sign": lambda text: text.replace("sudoPasswd: ", "sudoPasswd: @"),
    "a star": lambda text: text.replace("sudoPasswd: ", "sudoPasswd: *"),
    "an ampersand": lambda text: text.replace("sudoPasswd: ", "sudoPasswd: &"),
    "a bang": lambda text: text.replace("sudoPasswd: ", "sudoPasswd: !"),
    "a second key": lambda text: text.replace("    sudoPasswd: ", "    Password: "),
    "a list": lambda text: text.replace(f"Password: '{CANARY}'", f"Password: ['{CANARY}']"),
    "a mapping": lambda text: text.replace(f"Password: '{CANARY}'", f"Password: {{{CANARY}: x}}"),
    "a host": lambda text: text.replace("worker: [node1]", "worker: [node1, node9]"),
    "no kind": lambda text: text.replace("kind: Cluster\n", "kind: Other\n"),
    "cut": lambda text: text[: text.index(f"sudoPasswd: {CANARY}") + 16],
    "json": lambda text: '{"kind": "Cluster", "spec": {"hosts": [{"name": "a", "password": "' + CANARY + '"}], "x": {"token": "' + CANARY + '"}}}',
}  # fmt: skip

WAYS = (
    ("--mode", "internal-haproxy"),
    ("--mode", "cloud-lb", "--address", "10.20.0.100"),
    ("--mode", "cloud-lb", "--dns-name", "lb.example.com"),
    ("--mode", "keepalived", "--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2,nic=eth0", "--lb", "lb2=172.16.0.3,nic=eth0"),
)  # fmt: skip


def commands(way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every command that reads a config, in each of its formats."""
    for form in ("text", "json"):
        yield ("plan", "c.yaml", *way, "--format", form, "--full", "--out", "ha.plan", "--save-answers", "answers")
        yield ("apply", "c.yaml", *way, "--format", form, "--yes", "--output-dir", f"out-{form}")
    yield ("plan", "c.yaml", *way, "--lang", "zh", "--detailed-exitcode")
    yield ("apply", "c.yaml", *way, "--no-input")
    yield ("apply", "ha.plan", "--yes")
    yield ("verify", "ha.plan", "--timeout", "1")
    yield ("rehearse", "ha.plan", "--scenario", "nothing")


READERS = (
    *(("check", "c.yaml", "--format", form) for form in ("text", "json", "sarif", "github")),
    ("check", "c.yaml", "--lang", "zh", "--strict"),
    ("check", ".", "--skip-others"),
    *(("show", "c.yaml", "--format", form) for form in ("text", "json", "mermaid")),
    ("show", "c.yaml", "--lang", "zh"),
    ("plan", "c.yaml", "--answers", "c.yaml"),
    ("apply", "c.yaml", "--mode", "cloud-lb", "--address", f"https://admin:{CANARY}@10.0.0.9"),
    ("plan", "c.yaml", "--mode", "cloud-lb", "--answers", "c.yaml", "--address", f"password={CANARY}"),
    ("verify", "c.yaml", "--timeout", "1"),
    ("rehearse", "c.yaml"),
    ("rehearse", "."),
    ("apply", "c.yaml"),
    ("show", "c.yaml", "--nonsense"),
    ("check", "c.yaml", "--fix"),
)


# A line of the diff that a plan edits is shown with its comment.
EDITED = re.compile(rf"[-+] +(?:# )?(?:internalLoadbalancer|domain|address|port): [^#]*#.*{CANARY}")


def leaks(folder: Path, ran: object, config: bytes) -> list[str]:
    """What was said or written with the canary in it, and what others may read of it."""
    lines = (ran.stdout + ran.stderr).decode().splitlines()  # type: ignore[attr-defined]
    found = [repr(line) for line in lines if CANARY in line and not EDITED.match(line)]
    for path in folder.rglob("*"):
        if not path.is_file() or CANARY.encode() not in path.read_bytes():
            continue
        is_config = path.name == "c.yaml" or path.name.startswith("c.yaml.")
        if not is_config:
            found.append(str(path))
        elif path.name != "c.yaml" and stat.S_IMODE(path.stat().st_mode) != 0o600:
            found.append(f"{path} has mode {path.stat().st_mode:o}")
    return found


def assert_silent(kkplan: Kkplan, folder: Path, arguments: tuple[str, ...], config: bytes) -> None:
    ran = kkplan(*arguments, KKPLAN_DEBUG="1")
    assert leaks(folder, ran, config) == [], arguments
    assert b"Traceback" not in ran.stderr, arguments


@pytest.fixture(params=SPOILED, ids=lambda name: name.replace(" ", "-"))
def spoiled(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    """The config with something wrong, as c.yaml."""
    data: bytes = SPOILED[request.param](CONFIG).encode()
    (tmp_path / "c.yaml").write_bytes(data)
    return data


def test_no_command_says_it(spoiled: bytes, kkplan: Kkplan, tmp_path: Path) -> None:
    for arguments in (*READERS, *commands(WAYS[-1])):
        assert_silent(kkplan, tmp_path, arguments, spoiled)


@pytest.mark.parametrize("way", WAYS, ids=["haproxy", "address", "dns", "keepalived"])
def test_no_mode_says_or_writes_it(way: tuple[str, ...], kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    (tmp_path / "c.yaml").chmod(0o644)
    for arguments in commands(way):
        assert_silent(kkplan, tmp_path, arguments, CONFIG.encode())


def test_through_pipes(kkplan: Kkplan, tmp_path: Path) -> None:
    """Standard output of `apply -` is the new config itself; all else is not."""
    for command in (("plan", "-", *WAYS[0]), ("check", "-"), ("show", "-")):
        ran = kkplan(*command, stdin=CONFIG.encode())
        assert leaks(tmp_path, ran, b"") == []
    ran = kkplan("apply", "-", *WAYS[0], "--yes", stdin=CONFIG.encode())
    ran.stdout = b""
    assert leaks(tmp_path, ran, b"") == []


def test_the_wizard_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    child = pexpect.spawn(
        sys.executable, ["-m", "kkplan", "wizard", "c.yaml"], cwd=str(tmp_path), encoding="utf-8", timeout=20, dimensions=(60, 160),
        env={**os.environ, "HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )  # fmt: skip
    said = ""
    for _ in range(12):
        if child.expect([r"\?", pexpect.EOF, pexpect.TIMEOUT], timeout=2) == 1:
            break
        said += str(child.before)
        child.send("\r")
    child.close(force=True)
    assert said
    assert CANARY not in said + str(child.before)


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_crash_keeps_it(
    debug: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A bug whose message, cause and notes quote the config."""
    (tmp_path / "c.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KKPLAN_DEBUG", debug)

    def crash(*arguments: object, **named: object) -> None:
        try:
            int(CANARY)
        except ValueError as error:
            raise KeyError(CONFIG) from error

    monkeypatch.setattr("kkplan.cli.plan.make_plan", crash)
    assert run(["plan", "c.yaml", "--mode", "internal-haproxy", "--lang", language]) == 1
    said = "".join(capfd.readouterr())
    assert "KeyError" in said
    assert CANARY not in said
    assert ("test_canary.py" in said.partition("\n")[2]) == bool(debug), "the trace is shown where it is asked for"


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
    assert "bug of kkplan" not in said, said
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
