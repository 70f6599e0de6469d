"""A canary in every place where a config may hold a secret is looked for in all that every command says and writes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pexpect
import pytest

from kkplan.cli.main import run
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
    yield ("review", "ha.plan", "--out", "review.html")
    yield ("review", "ha.plan", "--out", "review.html", "--lang", "zh")
    yield ("review", "ha.plan", "--rehearsal", "c.yaml", "--verification", "c.yaml", "--out", "none.html")
    yield ("apply", "ha.plan", "--yes")
    yield ("review", "ha.plan", "--out", "review.html")
    yield ("restore", "c.yaml", "--list")
    yield ("restore", "c.yaml", "--lang", "zh")
    yield from (("restore", "c.yaml", "--format", form, "--yes") for form in ("text", "json"))
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


def leaks(folder: Path, ran: object, config: bytes) -> list[str]:
    """What was said or written with the canary in it, and what others may read of it."""
    lines = (ran.stdout + ran.stderr).decode().splitlines()  # type: ignore[attr-defined]
    found = [repr(line) for line in lines if CANARY in line]
    for path in folder.rglob("*"):
        if not path.is_file() or CANARY.encode() not in path.read_bytes():
            continue
        is_config = path.name == "c.yaml" or path.name.startswith("c.yaml.")
        if path.suffix == ".html":
            shown = unescape(path.read_text(encoding="utf-8")).replace("<span", "\n<span").splitlines()
            found += [f"{path}: {line}" for line in shown if CANARY in line]
        elif not is_config:
            found.append(str(path))
        elif path.name != "c.yaml" and stat.S_IMODE(path.stat().st_mode) != 0o600:
            found.append(f"{path} has mode {path.stat().st_mode:o}")
    return found


def assert_silent(kkplan: Kkplan, folder: Path, arguments: tuple[str, ...], config: bytes) -> None:
    ran = kkplan(*arguments, KKPLAN_DEBUG="1")
    assert leaks(folder, ran, config) == [], arguments
    assert b"Traceback" not in ran.stderr, arguments


# The others are as long, and go the same ways.
SHORT = ("whole", "crlf")


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.thorough] * (name not in SHORT)) for name in SPOILED],
    ids=[name.replace(" ", "-") for name in SPOILED],
)
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
        ended = child.expect([r"\?", pexpect.EOF, pexpect.TIMEOUT], timeout=2) == 1
        said += str(child.before)
        if ended:
            break
        child.send("\r")
    child.close(force=True)
    assert said
    assert CANARY not in said


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
