"""Every rule is found, has an id of its own, and is tested; and a config that is right gives no finding."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import kkplan
from kkplan.disk.config_file import read_config
from kkplan.modes.question import Answers
from kkplan.plan.rule import Rule
from kkplan.rules.catalogue import catalogue, rule_modules
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from tests.conftest import SAMPLES
from tests.rules.conftest import ROLES, config_text, found, judged, judged_in_plan

MODULES = sorted(path.stem for path in Path(kkplan.__path__[0]).rglob("rules/kk*.py"))
TESTS = sorted(path.stem for path in Path(__file__).parent.glob("test_kk*.py"))

PAIR = {"address": "172.16.0.100/24", "lb": ("lb1=172.16.0.2,nic=eth0", "lb2=172.16.0.3,nic=eth0")}


@pytest.mark.parametrize("module", MODULES)
def test_a_rule_s_id_is_that_of_its_file(module: str) -> None:
    """`kk101_…py` holds KK101, and says in its texts what it finds."""
    rule = import_module(rule_modules()[module.split("_")[0].upper()]).RULE
    assert isinstance(rule, Rule)
    assert re.fullmatch(r"kk[01234]\d\d_[a-z0-9_]+", module)
    assert rule.id == module.split("_")[0].upper()
    assert rule.title.english


def test_ids_are_unique_and_the_catalogue_has_every_rule_in_their_order() -> None:
    """`judge` reports in this order."""
    ids = [rule.id for rule in catalogue()]
    assert ids == sorted(set(ids))
    assert ids == [module.split("_")[0].upper() for module in MODULES]


def test_every_rule_has_its_tests_and_every_such_file_a_rule() -> None:
    """A new rule without a test file fails here."""
    assert [f"test_{module.split('_')[0]}" for module in MODULES] == TESTS


def test_judge_takes_the_wanted_rules_only() -> None:
    """As the wizard asks for those of one question."""
    text = config_text("adress: x\ninternalLoadbalancer: haprxy")
    assert [finding.id for finding in judged(text)] == ["KK102", "KK111", "KK113"]
    assert [finding.id for finding in judged(text, ["KK113", "KK111"])] == ["KK111", "KK113"]
    assert judged(text, []) == []


@pytest.mark.parametrize(
    ("mode", "answers"),
    [
        ("internal-haproxy", {}),
        ("cloud-lb", {"address": "172.16.0.100"}),
        ("cloud-lb", {"address": "fd00::100", "port": "8443"}),
        ("keepalived", PAIR),
    ],
)
@pytest.mark.parametrize("endpoint", [None, 'domain: lb.kubesphere.local\naddress: ""\nport: 6443'])
def test_no_false_alarm_in_a_right_plan(mode: str, answers: Answers, endpoint: str | None) -> None:
    """Three control planes, two workers, and every answer given; both families where the endpoint is IPv6."""
    text = config_text(endpoint)
    if "::" in str(answers):
        networks = (
            "{plugin: calico, kubePodsCIDR: '10.244.0.0/16,fd01::/112', kubeServiceCIDR: '10.96.0.0/16,fd02::/112'}"
        )
        text = config_text(endpoint, more=f"network: {networks}\n")
        text = re.sub(r"internalAddress: (172\.16\.0\.)(\d+)", r'internalAddress: "\1\2,fd00::\2"', text)
    assert judged_in_plan(text, mode, **answers) == []


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/after.yaml")), ids=lambda path: path.parent.name)
def test_no_finding_in_a_sample_once_planned(path: Path, tmp_path: Path) -> None:
    """What the samples show is right."""
    for file in (path, path.with_name("inventory.yaml")):
        if file.exists():
            (tmp_path / file.name).write_bytes(file.read_bytes())
            (tmp_path / file.name).chmod(0o600)
    assert check_file(read_config(str(tmp_path / "after.yaml")), Selection()).findings == ()


@pytest.mark.parametrize(
    ("endpoint", "rule_id"),
    [
        ("internalLoadbalancer: haproxy\naddress: 172.16.0.5", "KK101"),
        ("internalLoadbalancer: kube-vip", "KK110"),
        ("internalLoadbalancer: kube-vip\nexternalDNS: true", "KK110"),
        ("internalLoadbalancer: kube-vip\naddress: 127.0.0.1", "KK104"),
        ("address: 127.0.0.1\nexternalDNS: true", "KK104"),
        ("domain: lb.example.com\nexternalDNS: true", "KK115"),
        ("address: 172.16.0.4", "KK104"),
        ("address: {{ vip }}\nexternalDNS: true\ninternalLoadbalancer: haproxy", "KK112"),
    ],
)
def test_one_mistake_is_one_finding(endpoint: str, rule_id: str) -> None:
    """Rules that look at the same keys leave each other's mistakes alone."""
    assert [finding.id for finding in judged(config_text(endpoint))] == [rule_id]


def test_one_wrong_host_name_is_one_finding() -> None:
    """Its group is not counted as if the host were not meant."""
    text = config_text(roles={**ROLES, "etcd": ("master1", "master2", "mastre3")})
    assert [finding.id for finding in judged(text)] == ["KK114"]
    assert len(found("KK114", text)) == 1
