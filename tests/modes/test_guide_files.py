"""`--lb-files guide`: the two files as KubeSphere's guide prints them, and the rest of the bundle that works with them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from string import Template

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.locale import current_language, use_language
from kkplan.modes.keepalived.bundle import bundle
from kkplan.modes.keepalived.guide import HAPROXY_CHANGES, KEEPALIVED_CHANGES, Change
from kkplan.modes.keepalived.pair_settings import PairSettings
from kkplan.modes.keepalived.template import template
from tests.conftest import INSTALLATION, ROOT, Kkplan
from tests.lb_programs import Machine, reason_to_skip, write_bundle

ADDRESSES = ["--address", "172.16.0.10/24", "--lb", "lb1=172.16.0.2,nic=eth0", "--lb", "lb2=172.16.0.3,nic=eth0"]
PLAN = ["--mode", "keepalived", *ADDRESSES]


def settings(lb_count: int = 2, backend_count: int = 3, port: int = 6443) -> PairSettings:
    return PairSettings(
        vip=Vip("172.16.0.10", 24),
        port=port,
        virtual_router_id=60,
        lb_hosts=tuple(LbHost(f"lb{n}", f"172.16.0.{n + 1}", "eth0") for n in range(1, lb_count + 1)),
        backends=tuple(Backend(f"master{n}", f"172.16.0.{20 + n}") for n in range(1, backend_count + 1)),
        domain="lb.kubesphere.local",
        installation=INSTALLATION,
        is_guide=True,
    )


def contents(case: PairSettings) -> dict[str, str]:
    return {artifact.path: artifact.content for artifact in bundle(case)}


def needs(*programs: str) -> pytest.MarkDecorator:
    reason = reason_to_skip(*programs)
    return pytest.mark.skipif(bool(reason), reason=reason or "can run")


# --- The two files ---


def test_the_templates_are_the_guides_text_to_the_character() -> None:
    """The sums are of its page: steps 3 and 7, without the indentation of the list."""
    haproxy = Template(template("guide/haproxy.cfg")).substitute(
        port=6443, servers="\n".join(f"    server kube-apiserver-{n} <IP address>:6443 check" for n in (1, 2, 3))
    )
    keepalived = Template(template("guide/keepalived.conf")).substitute(
        address="<source IP address>",
        nic="<NIC>",
        peers="    <peer IP address>",
        priority=100,
        vip="<floating IP address>",
        virtual_router_id=60,
    )
    assert [sha256(text.encode()).hexdigest() for text in (haproxy, keepalived)] == [
        "9d4dbab38cdb300383ac0dc894f5c9dedc0b25f91156fafa398c480e3a82e475",
        "edcc49221892189009483af64fd5171eff317877bb6faef0a98e1f256a0a9aa2",
    ]


def test_only_the_listed_changes_differ_from_the_guide() -> None:
    texts = contents(settings())
    haproxy = texts["lb1/haproxy.cfg"].partition("\n\n")[2]
    (spaces,) = HAPROXY_CHANGES
    printed = template("guide/haproxy.cfg").replace(spaces.printed, spaces.written)
    servers = "\n".join(f"    server kube-apiserver-{n} 172.16.0.{20 + n}:6443 check" for n in (1, 2, 3))
    assert haproxy == printed.replace("$port", "6443").replace("$servers", servers)
    assert texts["lb2/haproxy.cfg"] == texts["lb1/haproxy.cfg"]
    keepalived = texts["lb2/keepalived.conf"].partition("\n\n")[2]
    for change in KEEPALIVED_CHANGES:
        assert (keepalived.count(change.written) == 1) is bool(change.written)
    removed = set(template("guide/keepalived.conf").splitlines()) - set(keepalived.splitlines())
    assert {line.strip() for line in removed if "$" not in line} == {
        "notification_email {",
        "vrrp_garp_interval 0",
        "vrrp_gna_interval 0",
    }
    for line in ("priority 100", "interface eth0", "virtual_router_id 60", "unicast_src_ip 172.16.0.3"):
        assert f"  {line}\n" in keepalived
    assert "  unicast_peer {\n    172.16.0.2\n  }\n" in keepalived
    assert "  virtual_ipaddress {\n    172.16.0.10\n  }\n" in keepalived


def test_every_change_is_named_in_its_file_and_in_the_docs() -> None:
    texts = contents(settings())
    for name, changes in (("haproxy.cfg", HAPROXY_CHANGES), ("keepalived.conf", KEEPALIVED_CHANGES)):
        comments = [line for line in texts[f"lb1/{name}"].splitlines() if line.startswith("# - ")]
        assert comments == [f"# - {change.reason}" for change in changes]
    page = (ROOT / "docs" / "keepalived.md").read_text(encoding="utf-8")
    chinese = (ROOT / "docs" / "zh" / "keepalived.md").read_text(encoding="utf-8")
    for name in ("U+00A0", "notification_email", "vrrp_garp_interval 0", "vrrp_gna_interval 0"):
        assert name in page
        assert name in chinese
    for name in ("enable_script_security", "script_user root"):
        assert name in page
        assert name in chinese


def test_files_for_programs_are_ascii_without_placeholders() -> None:
    for path, text in contents(settings(3, 5, 8443)).items():
        if path != "README.md":
            assert text.isascii(), path
            assert max(map(len, text.split("\n"))) <= 120, path
        if path.endswith((".cfg", ".conf")):
            assert "$" not in text, path
            assert "<" not in text, path


def test_any_number_of_servers_and_control_planes_and_any_port() -> None:
    texts = contents(settings(3, 5, 8443))
    assert "  bind *:8443\n" in texts["lb1/haproxy.cfg"]
    assert re.findall(r"server (\S+) 172\.16\.0\.2\d:6443 check\n", texts["lb3/haproxy.cfg"]) == [
        f"kube-apiserver-{number}" for number in range(1, 6)
    ]
    assert "  unicast_peer {\n    172.16.0.2\n    172.16.0.4\n  }\n" in texts["lb2/keepalived.conf"]


# --- What the programs say ---


def haproxy_says(folder: Path, text: str) -> tuple[int, str]:
    (folder / "haproxy.cfg").write_text(text, encoding="utf-8")
    ran = subprocess.run(["haproxy", "-c", "-f", folder / "haproxy.cfg"], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


def keepalived_says(machine: Machine, folder: Path, text: str) -> tuple[int, str]:
    (folder / "keepalived.conf").write_text(text, encoding="utf-8")
    return machine.run(f"keepalived -t -l -f {folder}/keepalived.conf")


@needs("haproxy")
def test_haproxy_accepts_its_file_and_ignores_what_the_comment_says(tmp_path: Path) -> None:
    status, said = haproxy_says(tmp_path, contents(settings())["lb1/haproxy.cfg"])
    assert status == 0
    complaints = re.findall(r"\[(?:WARNING|ALERT)\].*", said)
    assert len(complaints) == 1, said
    assert "'option tcplog' directive is ignored in backends" in complaints[0]


@needs("keepalived", "killall")
def test_keepalived_accepts_its_file_without_a_word(tmp_path: Path, machine: Machine) -> None:
    texts = contents(settings(3))
    for name in ("lb1", "lb2", "lb3"):
        assert keepalived_says(machine, tmp_path, texts[f"{name}/keepalived.conf"]) == (0, "")


@needs("haproxy")
def test_haproxy_rejects_the_page_as_it_is(tmp_path: Path) -> None:
    """With no-break spaces, as somebody copies them from it."""
    page = Template(template("guide/haproxy.cfg")).substitute(port=6443, servers="    server a 172.16.0.4:6443 check")
    assert haproxy_says(tmp_path, page)[0] == 1


@needs("keepalived", "killall")
@pytest.mark.parametrize("change", KEEPALIVED_CHANGES, ids=lambda change: change.reason.split()[1])
def test_keepalived_rejects_the_file_without_any_one_of_the_changes(
    change: Change, tmp_path: Path, machine: Machine
) -> None:
    status, said = keepalived_says(machine, tmp_path, without(contents(settings())["lb1/keepalived.conf"], change))
    version = re.findall(r"Keepalived v(\d+)\.(\d+)", machine.do("keepalived --version"))[0]
    assert (status != 0) is (tuple(map(int, version)) >= (2, 2))
    assert said


def without(text: str, change: Change) -> str:
    """keepalived.conf as it would be without the change."""
    if change.written:
        return text.replace(change.written, change.printed)
    return text.replace("  router_id LVS_DEVEL\n", f"{change.printed}  router_id LVS_DEVEL\n")


# --- The rest of the bundle ---


def test_there_are_no_other_files_for_the_servers() -> None:
    names = [artifact.path for artifact in bundle(settings())]
    assert names == [
        *("README.md", "install.sh", "ansible/inventory.yaml", "ansible/install.yaml", "ansible/uninstall.yaml"),
        *("lb1/haproxy.cfg", "lb1/keepalived.conf", "lb2/haproxy.cfg", "lb2/keepalived.conf"),
    ]


def test_nothing_names_a_file_that_is_not_there() -> None:
    """install.sh removes the two, where an earlier plan has put them."""
    for path, text in contents(settings()).items():
        if path != "install.sh":
            assert "check-haproxy.sh" not in text, path
            assert "kkplan-restart.conf" not in text, path
            assert "8404" not in text, path


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="not installed: shellcheck")
def test_install_sh_passes_shellcheck(tmp_path: Path) -> None:
    write_bundle(bundle(settings()), tmp_path)
    ran = subprocess.run(["shellcheck", tmp_path / "install.sh"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_runbook_says_what_the_pair_does_not_survive() -> None:
    text, own = contents(settings())["README.md"], contents(replace(settings(), is_guide=False))["README.md"]
    assert "## What this pair does not survive\n" in text
    assert re.search(r"^\| HAProxy hangs \| never \| \d\.\d\d s \|$", text, re.MULTILINE)
    assert "apt install -y keepalived haproxy psmisc\n" in text
    assert "| lb2 | 172.16.0.3 | eth0 | 100 |" in text
    assert "What this pair does not survive" not in own
    # install.sh leaves the guide's files as they are, whatever the version.
    assert ("2.2.3" in text, "2.2.3" in own) == (False, True)
    for runbook in (text, own):
        assert "<!-- only" not in runbook
        assert "<!-- end" not in runbook
        assert "\n\n\n" not in runbook
        # All but the shell's own: the exit status, and the end of a line in an expression.
        assert "$" not in runbook.replace("echo $?", "").replace("|$)", "")


def test_the_chinese_runbook_has_no_english_sentence() -> None:
    before = current_language()
    use_language("zh")
    try:
        text = contents(settings())["README.md"]
    finally:
        use_language(before)
    prose = "".join(text.split("```")[::2])
    assert re.findall(r"(?:\b[a-z]{2,} ){4}", re.sub(r"`[^`]*`", "", prose)) == []
    assert "| HAProxy 挂起 | 不恢复 | " in text


# --- The choice ---


def planned(kkplan: Kkplan, config: Path, *arguments: str) -> dict[str, object]:
    ran = kkplan("plan", str(config), *PLAN, *arguments, "--format", "json")
    data: dict[str, object] = json.loads(ran.stdout)
    return data


def test_the_plan_warns_with_figures(kkplan: Kkplan, config: Path) -> None:
    ran = kkplan("plan", str(config), *PLAN, "--lb-files", "guide")
    assert ran.returncode == 0
    assert re.search(
        r"warning KK203 .* HAProxy hung, .* outage was \d\.\d\d s when HAProxy stopped", ran.stdout.decode()
    )
    assert b"KK203" not in kkplan("plan", str(config), *PLAN, "--lb-files", "kkplan").stdout


def test_the_guides_virtual_router_id_unless_another_is_given(kkplan: Kkplan, config: Path) -> None:
    def router_id(*arguments: str) -> str:
        files = planned(kkplan, config, *arguments)["files"]
        assert isinstance(files, list)
        text = next(file["content"] for file in files if file["path"] == "lb1/keepalived.conf")
        (number,) = re.findall(r"virtual_router_id (\d+)\n", text)
        return str(number)

    assert router_id("--lb-files", "guide") == "60"
    assert router_id("--lb-files", "guide", "--virtual-router-id", "7") == "7"
    assert router_id() == router_id("--lb-files", "kkplan") == "10"


def test_the_choice_is_in_a_saved_plan_and_comes_from_an_answers_file(
    kkplan: Kkplan, config: Path, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        "mode: keepalived\naddress: 172.16.0.10/24\nlb_files: guide\n"
        'lb: ["lb1=172.16.0.2,nic=eth0", "lb2=172.16.0.3,nic=eth0"]\n',
        encoding="utf-8",
    )
    plan = tmp_path / "ha.plan"
    assert kkplan("plan", str(config), "--answers", str(answers), "--out", str(plan)).returncode == 0
    assert json.loads(plan.read_text(encoding="utf-8"))["answers"]["lb_files"] == "guide"
    assert kkplan("apply", str(plan), "--yes").returncode == 0
    written = sorted(path.name for path in (config.parent / "kkplan-out" / "lb1").iterdir())
    assert written == ["haproxy.cfg", "keepalived.conf"]
    # The other choice removes nothing that it does not replace, and the way back removes kkplan's other files.
    for choice, names in (
        (
            "kkplan",
            ["check-haproxy.sh", "haproxy.cfg", "keepalived.conf", "kkplan-haproxy.conf", "kkplan-restart.conf"],
        ),
        ("guide", ["haproxy.cfg", "keepalived.conf"]),
    ):
        assert kkplan("apply", str(config), *PLAN, "--lb-files", choice, "--yes").returncode == 0
        assert sorted(path.name for path in (config.parent / "kkplan-out" / "lb1").iterdir()) == names


def test_what_cannot_be_chosen(kkplan: Kkplan, config: Path, tmp_path: Path) -> None:
    ran = kkplan("plan", str(config), *PLAN, "--lb-files", "Guide")
    assert ran.returncode == 64
    assert b"--lb-files: unknown LB files Guide. Choose one of: kkplan, guide" in ran.stderr
    answers = tmp_path / "answers.yaml"
    answers.write_text("mode: keepalived\nlb_files: other\n", encoding="utf-8")
    ran = kkplan("plan", str(config), *ADDRESSES, "--answers", str(answers))
    assert b"answers.yaml:2: lb_files: unknown LB files other" in ran.stderr
    ran = kkplan("plan", str(config), "--mode", "internal-haproxy", "--lb-files", "guide")
    assert b"--lb-files cannot be used with mode internal-haproxy" in ran.stderr
    ipv6 = ["--address", "fd00::10/64", "--lb", "lb1=fd00::2,nic=eth0", "--lb", "lb2=fd00::3,nic=eth0"]
    ran = kkplan("plan", str(config), "--mode", "keepalived", *ipv6, "--lb-files", "guide")
    assert ran.returncode == 1
    assert b"error KK203" in ran.stdout
    assert b"for IPv4 only" in ran.stdout
