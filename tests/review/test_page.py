"""The page of `kkplan review`: what it says, in both languages, and that it asks for nothing and hides nothing."""

from __future__ import annotations

import base64
import json
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLES, Kkplan
from tests.review.conftest import WAY, Review
from tests.review.outline import Outline

SECRET = "Qcloud@"


EN = ["Effective endpoint", "Changes to the config", "Findings", "Rehearsal", "Verification", "Files", "Carrying it out", "Digests",
      "Approval", "Appendix: runbook", "Appendix: files"]  # fmt: skip
ZH = [
    "实际生效的端点",
    "配置变更",
    "检查结果",
    "演练",
    "验证",
    "文件",
    "实施步骤",
    "摘要值",
    "审批",
    "附录：操作手册",
    "附录：文件",
]


def test_english_has_all_of_the_change(page: Review, plan: Path) -> None:
    made = page()
    outline = Outline(made)
    text = outline.all_of("main")
    assert [title for level, title in outline.headings if level == "h2"] == EN
    assert outline.headings[0] == ("h1", "High availability of the control plane: cluster prod")
    assert "3 control planes, no load balancer: kk uses 172.16.0.4 (master1) for all nodes" in text
    assert "3 control planes behind the load balancer at 172.16.0.10:6443 (lb.kubesphere.local)" in text
    assert '+    address: "172.16.0.10"' in text
    assert "KK102" in text
    assert "every node depends on 172.16.0.4" in text
    assert "kk prints a warning that scrolls away" in text, "the why of the finding"
    assert "2.6.12-1+deb12u4" in text
    assert "HAProxy stops" in text
    assert "over a limit" in text
    assert "300 probes, 4 failed" in text
    assert "kkplan restore config-sample.yaml" in text
    assert ('<html lang="en">') in made
    commands = (
        "kkplan rehearse ha.plan",
        "kkplan apply ha.plan",
        "kk create cluster -f",
        "verify ha.plan --after-install",
    )
    carrying_out = text[text.rindex("Carrying it out") :]
    places = [carrying_out.index(command) for command in commands]
    assert places == sorted(places)


def test_chinese_has_no_english_sentence(page: Review) -> None:
    made = page("--lang", "zh")
    outline = Outline(made)
    assert [title for level, title in outline.headings if level == "h2"] == ZH
    assert '<html lang="zh-CN">' in made
    # The runbook is in the plan's language, and the files are the same on every site.
    own = made[: made.index(ZH[-2])]
    words = re.findall(
        r"[A-Za-z][a-z]+(?: [a-z]+){3,}",
        re.sub(r"<!--.*?-->|<style>.*?</style>|<pre.*?</pre>|<code>.*?</code>", "", own, flags=re.S),
    )
    assert [phrase for phrase in words if not phrase.startswith(("kkplan ", "nobody knows"))] == []
    assert "已有程序在监听" in own, "what the report has in English"


def test_digests_are_those_of_the_files(page: Review, plan: Path) -> None:
    made = page()
    for name in ("config-sample.yaml", "ha.plan", "rehearsal.json", "verification.json"):
        assert sha256((plan.parent / name).read_bytes()).hexdigest() in made
    for file in json.loads(plan.read_text())["files"]:
        assert sha256(file["content"].encode()).hexdigest() in made


def test_the_planned_config_has_the_digest_that_apply_writes(page: Review, plan: Path, kkplan: Kkplan) -> None:
    made = page()
    assert kkplan("apply", plan.name, "--yes").returncode == 0
    assert sha256((plan.parent / "config-sample.yaml").read_bytes()).hexdigest() in made


def test_every_file_is_there_once_to_read_or_copy(page: Review, plan: Path) -> None:
    made = page()
    outline = Outline(made)
    files = {file["path"]: file["content"] for file in json.loads(plan.read_text())["files"]}
    for path, content in files.items():
        if path != "README.md":
            assert content.removesuffix("\n") in outline.all_of("pre"), path
    assert files["lb1/haproxy.cfg"] == files["lb2/haproxy.cfg"]
    assert "lb2/haproxy.cfg is the same as lb1/haproxy.cfg." in outline.all_of("p")
    shown = [name for tag, name, _ in outline.attributes if tag == "details"]
    assert shown == ["open"] * len({content for path, content in files.items() if path != "README.md"}), (
        "without a script, all is open"
    )


def test_nothing_is_asked_of_anywhere(page: Review) -> None:
    made = page()
    outline = Outline(made)
    links = [(tag, value) for tag, name, value in outline.attributes
             if name in ("src", "href", "srcset", "action", "data", "poster", "ping", "background", "xlink:href", "style")]  # fmt: skip
    assert links == [("link", "data:,")]
    assert not re.search(r"url\(|@import|image-set", outline.all_of("style"))
    assert not re.search(r"fetch|XMLHttp|import|location|https?:", outline.all_of("script"))
    tags = {tag for tag, _, _ in outline.attributes} | set(outline.text)
    assert not tags & {"img", "iframe", "object", "embed", "video", "audio", "form", "base", "use", "image", "a"}
    assert [name for _, name, _ in outline.attributes if name.startswith("on")] == []


def test_the_policy_allows_the_own_style_and_script_only(page: Review) -> None:
    outline = Outline(page())
    policy = next(value for tag, name, value in outline.attributes if tag == "meta" and value.startswith("default-src"))
    for tag in ("style", "script"):
        digest = base64.b64encode(sha256(outline.all_of(tag).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_the_drawings_say_the_path_in_words(page: Review) -> None:
    outline = Outline(page())
    assert [value for tag, name, value in outline.attributes if (tag, name) == ("svg", "role")] == ["img"] * 6
    desc = outline.all_of("desc")
    assert "API server: master1 172.16.0.4:6443a worker's kubelet" in desc, "only master1 today"
    assert desc.endswith("API server: master1 172.16.0.4:6443, master2 172.16.0.5:6443, master3 172.16.0.6:6443")
    assert "single point of failure" in outline.all_of("svg")


def test_no_password_of_the_config(page: Review) -> None:
    assert SECRET in (SAMPLES / "keepalived" / "config-sample.yaml").read_text()
    for language in ("en", "zh"):
        assert SECRET not in page("--lang", language)


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>&amp;\x1b[2J\u202e</style><!--"


def test_reports_are_escaped(page: Review, plan: Path) -> None:
    """A report may come from anyone."""

    def spoiled(data: Any) -> Any:
        if isinstance(data, dict):
            return {
                key: value
                if key
                in (
                    "scenario",
                    "part",
                    "status",
                    "outcome",
                    "asked",
                    "idleConnection",
                    "sha256",
                    "path",
                    "address",
                    "domain",
                )
                else spoiled(value)
                for key, value in data.items()
            }
        if isinstance(data, list):
            return [spoiled(item) for item in data]
        return data + MARKUP if isinstance(data, str) else data

    for name in ("rehearsal.json", "verification.json"):
        file = plan.with_name(name)
        file.write_text(json.dumps(spoiled(json.loads(file.read_text()))))
    made = page()
    assert "&lt;script&gt;alert(1)" in made
    outline = Outline(made)
    assert outline.all_of("script").count("alert") == 0
    assert [name for _, name, _ in outline.attributes if name.startswith("on")] == []
    assert "\x1b" not in made
    assert "\u202e" not in made
    assert r"\x1b[2J\u202e" in made


@pytest.mark.parametrize("mode", ["cloud-lb", "internal-haproxy"])
def test_the_other_modes(mode: str, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    way = ("--mode", mode, *(("--address", "10.20.0.100") if mode == "cloud-lb" else ()))
    kkplan("plan", "c.yaml", *way, "--out", "ha.plan")
    assert kkplan("review", "ha.plan", "--out", "r.html").returncode == 0
    outline = Outline((tmp_path / "r.html").read_text())
    titles = [title for level, title in outline.headings if level == "h2"]
    assert ("Appendix: runbook" in titles) is (mode == "cloud-lb")
    assert ("Files" in titles) is (mode == "cloud-lb")
    assert "Rehearsal" not in titles
    if mode == "cloud-lb":
        assert "docs.aws.amazon.com" in outline.all_of("span"), "the address of a link, as text"
        assert "alert" not in outline.all_of("script")


def test_a_foreign_file_is_not_written_over(plan: Path, kkplan: Kkplan) -> None:
    foreign = plan.with_name("mine.html")
    foreign.write_text("<!DOCTYPE html>\n<p>mine")
    done = kkplan("review", plan.name, "--out", foreign.name)
    assert done.returncode == 1
    assert b"no page of kkplan review; it was not touched" in done.stderr
    assert foreign.read_text() == "<!DOCTYPE html>\n<p>mine"
    for _ in range(2):  # its own may be replaced
        assert kkplan("review", plan.name, "--out", "own.html").returncode == 0


def test_who_may_not_read_the_config_may_not_read_its_digest(plan: Path, kkplan: Kkplan) -> None:
    (plan.parent / "config-sample.yaml").chmod(0o600)
    kkplan("review", plan.name, "--out", "r.html")
    assert stat.S_IMODE(plan.with_name("r.html").stat().st_mode) == 0o600


def test_a_config_that_changed_is_refused(plan: Path, kkplan: Kkplan) -> None:
    config = plan.with_name("config-sample.yaml")
    config.write_text(config.read_text().replace("172.16.0.9", "172.16.0.19"))
    done = kkplan("review", plan.name, "--out", "r.html")
    assert done.returncode == 1
    assert b"the file has changed since the plan was made" in done.stderr
    assert not plan.with_name("r.html").exists()


def test_a_config_that_is_gone_is_refused_as_apply_refuses_it(plan: Path, kkplan: Kkplan) -> None:
    plan.with_name("config-sample.yaml").unlink()
    done = kkplan("review", plan.name, "--out", "r.html")
    assert done.returncode == 1
    assert b"ha.plan: this plan is for config-sample.yaml, which does not exist. " in done.stderr
    assert done.stderr == kkplan("apply", plan.name).stderr


def test_an_applied_plan_is_reviewed_by_its_backup(plan: Path, kkplan: Kkplan) -> None:
    """After the change the ticket wants the verification, and still what was changed."""
    kkplan("review", plan.name, "--out", "before.html")
    assert kkplan("apply", plan.name, "--yes").returncode == 0
    assert kkplan("review", plan.name, "--out", "after.html").returncode == 0
    before, after = (Outline(plan.with_name(name).read_text()).all_of("main") for name in ("before.html", "after.html"))
    assert "not applied yet" in before
    assert "applied: the config is as planned" in after
    for text in (before, after):
        assert '+    address: "172.16.0.10"' in text
        assert "kk uses 172.16.0.4" in text


def test_reports_of_something_else_are_refused(plan: Path, kkplan: Kkplan) -> None:
    rehearsal, verification = plan.with_name("rehearsal.json"), plan.with_name("verification.json")
    data = json.loads(rehearsal.read_text())
    data["files"][0]["sha256"] = "0" * 64
    rehearsal.write_text(json.dumps(data))
    done = kkplan("review", plan.name, "--rehearsal", rehearsal.name, "--out", "r.html")
    assert b"the rehearsal ran other files than the plan's (lb1/haproxy.cfg)" in done.stderr
    data["files"] = []
    rehearsal.write_text(json.dumps(data))
    assert kkplan("review", plan.name, "--rehearsal", rehearsal.name, "--out", "r.html").returncode == 1
    data = json.loads(verification.read_text())
    data["endpoint"]["address"] = "172.16.0.11"
    verification.write_text(json.dumps(data))
    done = kkplan("review", plan.name, "--verification", verification.name, "--out", "r.html")
    assert b"the verification is of another endpoint than the plan's" in done.stderr
    assert not plan.with_name("r.html").exists()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1}', "[" * 100_000, "hosts: [password: Qcloud@]"])
@pytest.mark.parametrize("option", ["--rehearsal", "--verification"])
def test_a_report_that_is_none_is_refused_unquoted(option: str, content: str, plan: Path, kkplan: Kkplan) -> None:
    plan.with_name("x.json").write_text(content)
    done = kkplan("review", plan.name, option, "x.json", "--out", "r.html")
    assert done.returncode == 1
    assert b"report of kkplan. Make one: kkplan " in done.stderr
    assert b"Qcloud" not in done.stderr
    assert b"bug" not in done.stderr


def test_wrong_usage(plan: Path, kkplan: Kkplan) -> None:
    assert kkplan("review", plan.name).returncode == 64
    assert kkplan("review", "-", "--out", "r.html").returncode == 64
    assert kkplan("review", "config-sample.yaml", "--out", "r.html").returncode == 1


def test_names_of_files_are_escaped(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "<i>c&.yaml").write_bytes((SAMPLES / "keepalived" / "config-sample.yaml").read_bytes())
    assert kkplan("plan", "<i>c&.yaml", *WAY, "--out", "<b>.plan").returncode == 0
    assert kkplan("review", "<b>.plan", "--out", "r.html").returncode == 0
    made = (tmp_path / "r.html").read_text()
    assert "&lt;i&gt;c&amp;.yaml" in made
    assert "<i>c" not in made
    assert "<b>." not in made
