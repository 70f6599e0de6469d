"""plan and apply as a user or a script runs them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kkplan.schema.stored import schema
from kkplan.use.answers_file import answers_schema
from tests.conftest import PATTERNS, ROOT, SAMPLES, Kkplan

PAIR = (
    "--mode",
    "keepalived",
    "--address",
    "172.16.0.10/24",
    "--lb",
    "lb1=172.16.0.2,nic=eth0",
    "--lb",
    "lb2=172.16.0.3,nic=eth0",
)
HAPROXY = ("--mode", "internal-haproxy")
SECRET = b"Qcloud@"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_plan_shows_the_change_and_writes_nothing(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    done = kkplan("plan", config.name, *PAIR)
    assert done.returncode == 0, done.stderr
    assert b'+    address: "172.16.0.10"' in done.stdout
    assert b"kk uses 172.16.0.4" in done.stdout
    assert b"lb1/haproxy.cfg (" in done.stdout
    assert b"+++ kkplan-out" not in done.stdout
    assert b"16 files are not in this diff" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert b"\x1b[" not in done.stdout
    assert snapshot(tmp_path) == before


def test_apply_writes_the_sample_s_after_and_names_the_backup(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    old = config.read_bytes()
    config.chmod(0o640)
    done = kkplan("apply", config.name, *PAIR, "--yes")
    assert done.returncode == 0, done.stderr
    assert config.read_bytes() == (SAMPLES / "keepalived" / "after.yaml").read_bytes()
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    (backup,) = tmp_path.glob("config-sample.yaml.bak-*")
    assert backup.read_bytes() == old
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert backup.name.encode() in done.stdout
    assert stat.S_IMODE((tmp_path / "kkplan-out" / "install.sh").stat().st_mode) == 0o755
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path / "kkplan-out", check=True)
    again = kkplan("apply", config.name, *PAIR)
    assert (again.returncode, b"Nothing to do" in again.stdout) == (0, True)
    assert not [path for path in tmp_path.iterdir() if "kkplan-" in path.name and path.name != "kkplan-out"]


def test_apply_follows_a_symlink_to_the_real_file(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(config.name)
    assert kkplan("apply", link.name, *HAPROXY, "--yes").returncode == 0
    assert link.is_symlink()
    assert b"\n    internalLoadbalancer: haproxy" in config.read_bytes()


def test_apply_without_a_terminal_needs_yes(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    done = kkplan("apply", config.name, *HAPROXY)
    assert (done.returncode, b"--yes" in done.stderr) == (1, True)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", ["kk-template", "no-newline-append", "crlf-append", "flow-block"])
def test_the_diff_feeds_patch_where_nothing_was_masked(name: str, kkplan: Kkplan, tmp_path: Path) -> None:
    original = (PATTERNS / name / "config.yaml").read_bytes()
    (tmp_path / "c.yaml").write_bytes(original)
    shown = kkplan("plan", "c.yaml", *HAPROXY)
    assert b"********" not in shown.stdout
    assert shown.stderr == b""
    subprocess.run(["patch", "-p0", "--binary"], input=shown.stdout, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "c.yaml").read_bytes() == (PATTERNS / name / "internal-haproxy.yaml").read_bytes()


def test_the_diff_of_a_pair_feeds_patch_files_included(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    without_comment = config.read_text(encoding="utf-8").replace(
        'address: ""     # VIP，网络组给的是 172.16.0.10', 'address: ""'
    )
    config.write_text(without_comment, encoding="utf-8")
    shown = kkplan("plan", config.name, *PAIR, "--full")
    assert b"not in this diff" not in shown.stderr
    subprocess.run(["patch", "-p0"], input=shown.stdout, cwd=tmp_path, check=True, capture_output=True)
    patched = snapshot(tmp_path / "kkplan-out")
    assert kkplan("apply", config.name, *PAIR, "--yes").returncode == 0
    assert snapshot(tmp_path / "kkplan-out") == patched


def test_a_filter_passes_the_edited_config_on(kkplan: Kkplan) -> None:
    original = (SAMPLES / "internal-haproxy" / "config-sample.yaml").read_bytes()
    done = kkplan("apply", "-", *HAPROXY, stdin=original)
    assert (done.returncode, done.stdout) == (0, (SAMPLES / "internal-haproxy" / "after.yaml").read_bytes())
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ((), 64, b"--mode"),
        (("--mode", "haproxy"), 64, b"internal-haproxy"),
        (("--mode", "keepalived"), 64, b"--address"),
        (("--mode", "keepalived", "--address", "172.16.0.300"), 64, b"172.16.0.300"),
        (("--mode", "keepalived", "--address", "172.16.0.10"), 64, b"--lb"),
        (("--mode", "cloud-lb"), 64, b"--dns-name"),
        (("--mode", "cloud-lb", "--address", "1.2.3.4", "--dns-name", "a.example"), 64, b"cannot be used with"),
        (("--mode", "internal-haproxy", "--port", "8443"), 64, b"--port"),
        (("--mode", "cloud-lb", "--address", "1.2.3.4", "--port", "0"), 64, b"65535"),
        (("--mode", "internal-haproxy", "--domain", "UPPER"), 64, b"UPPER"),
        (("--mode", "internal-haproxy", "--format", "xml"), 64, b"json"),
        (("--mode", "internal-haproxy", "--lang", "fr"), 64, b"en, zh"),
        (("--mode", "internal-haproxy", "--bogus"), 64, b"--bogus"),
        (("--mode", "internal-haproxy", "extra"), 64, b"too many arguments: extra"),
        (
            ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "a=172.16.0.2,nic=172.16.0.2"),
            64,
            b"not a NIC name such as eth0",
        ),
        (("--mode",), 64, b"option --mode needs a value"),
        (("--mode", "internal-haproxy", "--no-input=1"), 64, b"option --no-input takes no value"),
        (
            ("--mode", "cloud-lb", "--dns-name", "a.b", "--address", "10.0.0.1"),
            64,
            b"--dns-name cannot be used with --address",
        ),
        (
            ("--mode", "cloud-lb", "--dns-name", "a.b", "--domain", "a.c"),
            64,
            b"--domain cannot be used with --dns-name",
        ),
        (("--mode", "cloud-lb", "--address", "172.16.0.4"), 1, b"KK104"),
        ((*PAIR[:-2],), 1, b"KK107"),
        (
            ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "a=172.16.0.4", "--lb", "b=172.16.0.3"),
            1,
            b"KK105",
        ),
        (
            ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "a=172.16.1.2", "--lb", "b=172.16.0.3"),
            1,
            b"KK106",
        ),
        *(
            (("--mode", "keepalived", "--address", "172.16.0.10", "--lb", f"{name}=172.16.0.2"), 64, name.encode())
            for name in ("ansible", "README.md", "Install.sh", "SHA256SUMS", "all", "kkplan_lb")
        ),
        (("--mode", "keepalived", "--address", "fd00::10", "--lb", "a=172.16.0.2", "--lb", "b=fd00::3"), 1, b"KK121"),
        (
            ("--mode", "keepalived", "--address", "172.16.0.10", "--lb", "a=172.16.0.2", "--lb", "a=172.16.0.2"),
            1,
            b"KK122",
        ),
    ],
)
def test_wrong_usage_and_refusals(
    arguments: tuple[str, ...], code: int, word: bytes, kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    before = snapshot(tmp_path)
    for command in ("plan", "apply"):
        done = kkplan(command, config.name, *arguments)
        assert (done.returncode, word in done.stdout + done.stderr) == (code, True), done.stderr
        assert b"Traceback" not in done.stderr
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "words"), [("paln", "未知命令 paln。是否应为 plan？"), ("xyz", "未知命令 xyz。可用命令：plan、apply")]
)
def test_a_command_that_there_is_not(name: str, words: str, kkplan: Kkplan) -> None:
    done = kkplan(name, "--lang", "zh")
    assert (done.returncode, words in done.stderr.decode()) == (64, True), done.stderr.decode()


@pytest.mark.parametrize(
    ("name", "word"), [("missing.yaml", b"no such file"), (".", b"folder"), ("/dev/null", b"regular")]
)
def test_unreadable_configs_are_named(name: str, word: bytes, kkplan: Kkplan) -> None:
    done = kkplan("plan", name, *HAPROXY)
    assert (done.returncode, name.encode() in done.stderr, word in done.stderr) == (1, True, True), done.stderr


def test_detailed_exit_codes(kkplan: Kkplan, config: Path) -> None:
    assert kkplan("plan", config.name, *HAPROXY, "--detailed-exitcode").returncode == 2
    assert kkplan("apply", config.name, *HAPROXY, "--yes", "--detailed-exitcode").returncode == 0
    assert kkplan("plan", config.name, *HAPROXY, "--detailed-exitcode").returncode == 0


@pytest.mark.parametrize("mode", [HAPROXY, PAIR, ("--mode", "cloud-lb", "--address", "10.20.0.100")])
def test_json_fits_its_schema_and_holds_no_secret(mode: tuple[str, ...], kkplan: Kkplan, config: Path) -> None:
    shown = kkplan("plan", config.name, *mode, "--format", "json", "--lang", "zh")
    applied = kkplan("apply", config.name, *mode, "--format", "json", "--yes")
    for done in (shown, applied):
        assert done.returncode == 0, done.stderr
        Draft7Validator(schema("plan")).validate(json.loads(done.stdout))
        assert SECRET not in done.stdout
    assert json.loads(applied.stdout)["result"]["applied"] is True


def test_the_answers_schema_is_the_questions_own(kkplan: Kkplan) -> None:
    assert json.loads((ROOT / "schemas" / "answers.schema.json").read_bytes()) == answers_schema()


def test_a_saved_plan_is_applied_and_refused_once_stale(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    original = config.read_bytes()
    assert kkplan("plan", config.name, *PAIR, "--out", "ha.plan").returncode == 0
    assert SECRET not in (tmp_path / "ha.plan").read_bytes()
    config.write_bytes(original.replace(b"port: 6443", b"port: 6444"))
    planned = kkplan("plan", "ha.plan", *PAIR)
    assert (planned.returncode, b"ha.plan: this is a saved plan" in planned.stderr) == (1, True), planned.stderr
    stale = kkplan("apply", "ha.plan", "--yes")
    assert (stale.returncode, b"port: 6444" in stale.stderr) == (1, True), stale.stderr
    config.write_bytes(original.replace(SECRET, b"other@", 1))
    secret = kkplan("apply", "ha.plan", "--yes")
    assert (secret.returncode, b"a masked value, such as a password" in secret.stderr, b"other@" in secret.stderr) == (
        1,
        True,
        False,
    )
    config.write_bytes(original)
    assert kkplan("apply", str(tmp_path / "ha.plan"), "--yes", cwd=Path("/")).returncode == 0
    assert config.read_bytes() == (SAMPLES / "keepalived" / "after.yaml").read_bytes()


def test_an_edited_plan_is_refused(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    assert kkplan("plan", config.name, *PAIR, "--out", "ha.plan").returncode == 0
    plan = json.loads((tmp_path / "ha.plan").read_bytes())
    plan["files"][0]["content"] += "rm -rf /\n"
    (tmp_path / "ha.plan").write_text(json.dumps(plan))
    done = kkplan("apply", "ha.plan", "--yes")
    assert (done.returncode, b"files" in done.stderr) == (1, True)


def test_plan_out_never_replaces_another_file(kkplan: Kkplan, config: Path) -> None:
    before = config.read_bytes()
    done = kkplan("plan", config.name, *HAPROXY, "--out", config.name)
    assert (done.returncode, config.read_bytes()) == (1, before)


def test_answers_from_a_file(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "mode: keepalived\naddress: 172.16.0.10/24\nport: 8443\nlb:\n- lb1=172.16.0.2\n- lb2=172.16.0.3\n"
    )
    done = kkplan("plan", config.name, "--answers", "a.yaml")
    assert (done.returncode, b"172.16.0.10:8443" in done.stdout) == (0, True), done.stderr
    (tmp_path / "a.yaml").write_text("mode: keepalived\nadress: 172.16.0.10\n")
    wrong = kkplan("plan", config.name, "--answers", "a.yaml")
    assert (wrong.returncode, b"a.yaml:2" in wrong.stderr, b"adress" in wrong.stderr) == (1, True, True), wrong.stderr


def test_a_foreign_file_is_named_and_kept(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kkplan-out"
    assert kkplan("apply", config.name, *PAIR, "--yes").returncode == 0
    (folder / "lb1" / "haproxy.cfg").write_text("mine\n")
    (folder / "notes.txt").write_text("notes\n")
    assert kkplan("apply", config.name, *PAIR).returncode == 1
    done = kkplan("apply", config.name, *PAIR, "--yes")
    assert (done.returncode, b"KK201" in done.stdout, b"haproxy.cfg.bak-" in done.stdout) == (0, True, True), (
        done.stderr
    )
    (kept,) = (folder / "lb1").glob("haproxy.cfg.bak-*")
    assert (kept.read_text(), (folder / "notes.txt").read_text()) == ("mine\n", "notes\n")


def test_what_an_earlier_plan_left_is_taken_away(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    three = (*PAIR, "--lb", "lb3=172.16.0.11,nic=eth0")
    assert kkplan("apply", config.name, *three, "--yes").returncode == 0
    assert (tmp_path / "kkplan-out" / "lb3").exists()
    done = kkplan("apply", config.name, *PAIR, "--yes")
    assert (done.returncode, (tmp_path / "kkplan-out" / "lb3").exists()) == (0, False), done.stderr


def test_a_dns_name_comes_with_its_warning(kkplan: Kkplan, config: Path) -> None:
    done = kkplan("plan", config.name, "--mode", "cloud-lb", "--dns-name", "lb.example.com")
    assert (done.returncode, b"KK115" in done.stdout, b"+    externalDNS: true" in done.stdout) == (0, True, True)


def test_help_and_version(kkplan: Kkplan) -> None:
    assert kkplan("--version").stdout.startswith(b"kkplan ")
    assert b"Exit codes" in kkplan().stdout
    chinese = kkplan("plan", "--help", "--lang", "zh").stdout.decode()
    assert "用法" in chinese
    assert "Usage" not in chinese


def test_the_wizard_refuses_without_a_terminal(kkplan: Kkplan, config: Path) -> None:
    done = kkplan("wizard", config.name)
    assert (done.returncode, b"--lb" in done.stderr) == (1, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_no_permission(kkplan: Kkplan, config: Path) -> None:
    config.chmod(0)
    assert kkplan("plan", config.name, *HAPROXY).returncode == 1


@pytest.mark.parametrize("name", ["crlf", "null-block", "comment-prose"])
def test_a_plan_says_how_many_lines_of_its_diff_are_masked(name: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes((PATTERNS / name / "config.yaml").read_bytes())
    shown = kkplan("plan", "c.yaml", *HAPROXY)
    count = shown.stdout.count(b"********")
    note = b"kkplan: lines of the diff with ******** in place of text that may be secret: %d. The file keeps the text."
    assert shown.stderr.startswith(note % count)
    assert kkplan("plan", "c.yaml", *HAPROXY, "--format", "json").stderr == b""


def test_a_foreign_file_that_is_replaced_does_not_show_its_secrets(kkplan: Kkplan, config: Path) -> None:
    assert kkplan("apply", config.name, *PAIR, "--yes").returncode == 0
    foreign = config.parent / "kkplan-out/lb1/keepalived.conf"
    foreign.write_text("vrrp_instance a {\n  auth_pass Kanarie77\n}\n", encoding="utf-8")
    shown = kkplan("plan", config.name, *PAIR, "--full")
    assert b"\n-********\n" in shown.stdout
    assert b"Kanarie77" not in shown.stdout + shown.stderr


def test_a_saved_plan_that_was_applied_already_is_nothing_to_do(kkplan: Kkplan, config: Path) -> None:
    kkplan("plan", config.name, *PAIR, "--out", "ha.plan")
    done = kkplan("apply", "ha.plan", "--yes")
    assert (done.returncode, b"kkplan verify ha.plan --after-install\n" in done.stdout) == (0, True)
    before = config.read_bytes()
    again = kkplan("apply", "ha.plan", "--yes")
    assert (again.returncode, config.read_bytes()) == (0, before)
    assert b"Nothing to do" in again.stdout


def test_a_config_in_place_of_a_saved_plan_is_named_as_one(kkplan: Kkplan, config: Path) -> None:
    for command in (("review", config.name, "--out", "r.html"), ("rehearse", config.name)):
        done = kkplan(*command)
        words = f"not a saved plan but a config. Save one: kkplan plan {config.name} … --out ha.plan"
        assert (done.returncode, words in done.stderr.decode()) == (1, True), done.stderr


def test_a_plan_with_errors_is_not_saved_and_says_so(kkplan: Kkplan, config: Path) -> None:
    shown = kkplan("plan", config.name, "--mode", "cloud-lb", "--address", "172.16.0.4", "--out", "ha.plan")
    assert shown.returncode == 1
    assert b"ha.plan was not written" in shown.stderr
    assert not (config.parent / "ha.plan").exists()


def test_the_next_steps_can_be_copied_into_a_shell(kkplan: Kkplan, config: Path) -> None:
    name = config.rename(config.with_name("my config.yaml")).name
    pair = ["--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3", "--address", "172.16.0.10", "--output-dir", "LB files"]
    done = kkplan("apply", name, "--mode", "keepalived", *pair, "--yes")
    steps = done.stdout.decode().partition("\nNext steps:\n")[2].splitlines()
    assert [line for line in steps if line.startswith("     ")] == [
        f"     {'' if os.geteuid() == 0 else f'sudo {sys.executable} -m '}kkplan rehearse 'LB files'",
        "     kkplan verify 'LB files'",
        "     kk create cluster -f 'my config.yaml'",
        "     kkplan verify 'my config.yaml' --after-install",
    ]
    assert "  2. Set up the LB servers and test their failover, as described in LB files/README.md" in steps
    assert "is up to date" in kkplan("apply", name, "--mode", "keepalived", *pair, "--yes").stdout.decode()


def test_the_next_steps_name_the_inventory_where_it_has_another_name(kkplan: Kkplan, tmp_path: Path) -> None:
    for name in ("config.yaml", "inventory.yaml"):
        shutil.copy(SAMPLES / "kubekey4-kube-vip" / name, tmp_path)
    (tmp_path / "inventory.yaml").rename(tmp_path / "site a.yaml")
    common = ("config.yaml", "--inventory", "site a.yaml", "--mode", "kube-vip", "--address", "172.16.0.10")
    done = kkplan("apply", *common, "--yes").stdout.decode()
    assert "     kk create cluster -i 'site a.yaml' -c config.yaml\n" in done
    assert done.count("kkplan verify config.yaml --inventory 'site a.yaml' --after-install\n") == 1


@pytest.mark.parametrize(
    ("place", "path", "words"),
    [
        ("opt/bin", "{folder}/opt/bin", "kkplan"),
        ("my venv", "/usr/bin", "'{folder}/my venv/kkplan'"),
        ("kkplan-1.0.0-linux-x86_64", "/usr/bin", "{folder}/kkplan-1.0.0-linux-x86_64/kkplan"),
    ],
)
def test_the_next_steps_find_kkplan(
    kkplan: Kkplan, config: Path, tmp_path: Path, place: str, path: str, words: str
) -> None:
    """As the user called it: by its name where PATH has it, else by its path."""
    program = tmp_path / place / "kkplan"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!{sys.executable}\nfrom kkplan.cli.main import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    command = [str(program), "apply", config.name, "--mode", "internal-haproxy", "--yes"]
    environ = {"PATH": path.format(folder=tmp_path), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    called = words.format(folder=tmp_path)
    assert f"     {called} verify config-sample.yaml --after-install\n" in done.stdout
    assert f"To undo: {called} restore config-sample.yaml" in " ".join(done.stdout.split())


def test_files_of_an_earlier_plan_are_named(kkplan: Kkplan, config: Path) -> None:
    cloud = kkplan("apply", config.name, "--mode", "cloud-lb", "--address", "172.16.0.100", "--yes")
    assert b"earlier plan" not in cloud.stdout
    internal = kkplan("apply", config.name, "--mode", "internal-haproxy", "--yes")
    assert b"The files in kkplan-out are from an earlier plan, not from this one. Move them away\n" in internal.stdout


@pytest.mark.parametrize("count", [12, 40, 200])
def test_long_lists_of_hosts_are_judged(count: int, kkplan: Kkplan, tmp_path: Path) -> None:
    """Rows that are read without the parser: every rule has to take them too."""
    hosts = "".join(f"  - {{name: node{n}, address: 10.0.0.{n}}}\n" for n in range(1, count + 1))
    roles = "".join(
        f"    {role}: ['node[{first}:{last}]']\n"
        for role, first, last in (("etcd", 2, 4), ("control-plane", 1, 3), ("worker", 4, count))
    )
    head = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: big}\nspec:\n  hosts:\n"
    block = "  controlPlaneEndpoint: {internalLoadbalancer: haproxy}\n  kubernetes: {version: v1.26.5}\n"
    (tmp_path / "big.yaml").write_text(f"{head}{hosts}  roleGroups:\n{roles}{block}", encoding="ascii")
    checked = kkplan("check", "big.yaml")
    assert (checked.returncode, b"KK128" in checked.stdout) == (0, True), checked.stdout
    planned = kkplan("plan", "big.yaml", "--mode", "cloud-lb", "--address", "10.0.1.1")
    assert planned.returncode == 0, planned.stderr


def test_a_config_in_json_may_be_named_kkplan(kkplan: Kkplan, tmp_path: Path) -> None:
    spec = '"spec": {"hosts": [{"name": "a", "address": "10.0.0.1"}], "roleGroups": {"etcd": ["a"], "control-plane": ["a"]}}'
    text = f'{{"kind": "Cluster", "metadata": {{"name": "kkplan"}}, "version": 1, {spec}}}'
    (tmp_path / "c.json").write_text(text, encoding="ascii")
    assert kkplan("plan", "c.json", "--mode", "cloud-lb", "--address", "10.0.1.1").returncode == 0


def test_a_filter_says_where_the_edited_config_went(kkplan: Kkplan, config: Path) -> None:
    done = kkplan("apply", "-", "--mode", "internal-haproxy", "--yes", stdin=config.read_bytes())
    assert b"The edited config was written to standard output." in done.stderr
    assert b"Nothing to do" not in done.stderr


def test_files_that_go_are_not_counted_as_written(kkplan: Kkplan, config: Path) -> None:
    common = ["apply", config.name, "--mode", "keepalived", "--address", "172.16.0.10", "--yes"]
    kkplan(*common, "--lb", "lb1=172.16.0.2", "--lb", "lb2=172.16.0.3")
    again = kkplan(*common, "--lb", "lb3=172.16.0.2", "--lb", "lb4=172.16.0.3").stdout.decode()
    assert "files to write: 14;" in again
    assert "Written: 14 files in kkplan-out\nRemoved: 10 files of an earlier plan in kkplan-out\n" in again


def test_a_null_endpoint_that_an_alias_names_is_refused(kkplan: Kkplan, config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    start, end = text.index("  controlPlaneEndpoint:"), text.index("  kubernetes:")
    config.write_text(f"{text[:start]}  controlPlaneEndpoint: &a\n{text[end:]}  storage: *a\n", encoding="utf-8")
    done = kkplan("plan", config.name, "--mode", "internal-haproxy")
    assert (done.returncode, b"the anchor &a is used elsewhere" in done.stderr) == (1, True), done.stderr
