"""kkplan says of each made-up config what KubeKey's own code does with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.finding import Severity
from kkplan.rules.selection import Selection
from kkplan.shown import shown
from kkplan.use.check_file import check_reading
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import Reading
from tests.conftest import ROOT, Kkplan
from tests.kubekey3.answers import KEPT, Answer, accepted, address_choices, answers, etcd_members
from tests.kubekey3.go_reading import endpoint_of
from tests.rules.conftest import reading_of

STOPPING = ("refuses", "panics", "exits with 1", "exits with 0")
MODES: dict[str, tuple[str, Answers]] = {
    "internal-haproxy": ("internal-haproxy", {}),
    "cloud-lb": ("cloud-lb", {"address": "172.31.9.9"}),
    "cloud-lb by name": ("cloud-lb", {"dns_name": "lb.corp.example"}),
    "keepalived": ("keepalived", {"address": "172.31.9.10/24", "lb": ("lb1=172.31.9.11", "lb2=172.31.9.12")}),
}


@cache
def read(name: str) -> Reading | None:
    """What kkplan reads from the config; None where it calls it unreadable (KK001)."""
    (text,) = [answer["config"] for answer in answers() if answer["name"] == name]
    try:
        return reading_of(text)
    except KkplanError:
        return None


def errors(name: str) -> set[str]:
    """The rules whose errors `kkplan check` reports."""
    reading = read(name)
    if reading is None:
        return {"KK001"}
    return {
        finding.id for finding in check_reading(reading, Selection()).findings if finding.severity is Severity.ERROR
    }


def effective(answer: Answer) -> EffectiveEndpoint:
    reading = read(answer["name"])
    assert reading is not None, answer["name"]
    return reading.effective


@pytest.mark.parametrize("ending", STOPPING)
def test_what_kk_does_not_install_is_an_error(ending: str) -> None:
    """In check; and show says that nothing is installed."""
    route = Route.NOTHING_INSTALLED if ending == "exits with 0" else Route.REFUSED
    names = [answer["name"] for answer in answers() if answer["kk"] == ending]
    assert names
    assert [name for name in names if not errors(name)] == []
    read_ones = {name: reading.effective.route for name in names if (reading := read(name)) is not None}
    assert {name: found for name, found in read_ones.items() if found is not route} == {}


# What the code that was run does not reach: K3s and K8e have versions of their own, CoreDNS wants a third address, and
# kubeadm ten, also where kk goes on with a /32.
FURTHER = {
    *(answer["name"] for answer in answers() if re.search(r"kubeServiceCIDR: *\S+/32\b", answer["config"])),
    *(answer["name"] for answer in answers() if answer.get("type") in ("k3s", "k8e")),
    "small-57-svc-same",
}


@pytest.mark.parametrize(
    ("part", "rule", "also"),
    # A service network that cannot be read at all is KK321's, in place of KK323.
    [("stopsAtConfirmation", "KK307", None), ("certSANsPanic", "KK323", "KK321")],
)
def test_what_stops_kk_later_is_an_error(part: str, rule: str, also: str | None) -> None:
    names = {answer["name"] for answer in answers() if answer.get(part)}
    assert names
    found = {answer["name"] for answer in accepted() if rule in errors(answer["name"])}
    reported_otherwise = {name for name in names - found if also in errors(name)}
    assert names - found == reported_otherwise
    assert found - names <= FURTHER


def test_what_is_kept_differs_and_is_told() -> None:
    """kk installs from these; kkplan says why it does not, as docs/kubekey3-agreement.md does."""
    page = (ROOT / "docs" / "kubekey3-agreement.md").read_text(encoding="utf-8")
    for name, rule in KEPT.items():
        (answer,) = [answer for answer in answers() if answer["name"] == name]
        assert (answer["kk"], read(name), errors(name)) == ("accepts", None, {rule})
        assert f"`{name}`" in page


PARTS: dict[str, Callable[[Answer, EffectiveEndpoint, Reading], bool]] = {
    "accepted": lambda answer, said, _: said.route not in (Route.REFUSED, Route.NOTHING_INSTALLED),
    "domain": lambda answer, said, _: said.domain == answer["domain"],
    "port": lambda answer, said, _: said.port == answer["port"],
    "address": lambda answer, said, _: said.address in address_choices(answer),
    "control planes": lambda answer, _, reading: (
        [host.name for host in reading.subject.cluster.control_planes] == _once(answer["controlPlanes"])
    ),
    "workers": lambda answer, _, reading: (
        [host.name for host in reading.subject.cluster.workers] == _once(answer["workers"])
    ),
    "etcd": lambda answer, _, reading: (
        {host.name for host in reading.subject.cluster.etcd_members} == etcd_members(answer)
    ),
    "HAProxy's hosts": lambda answer, said, _: set(said.haproxy_hosts) == set(answer["haproxyOn"] or ()),
    # The answers have servers where no host has HAProxy as well.
    "HAProxy's servers": lambda answer, said, _: (
        not answer["haproxyOn"]
        or {(one.name, f"{one.address}:{one.port}") for one in said.haproxy_servers}
        == set(map(tuple, answer["haproxyServers"]))
    ),
    "certificate SANs": lambda answer, said, _: set(said.cert_sans) == set(answer["certSANs"] or ()),
    # 13 loads do not show every one that kk may draw.
    "first control plane": lambda answer, said, _: (
        set(answer["firstControlPlaneIsOneOf"]) <= set(said.first_control_planes)
    ),
}


def _once(names: list[str] | None) -> list[str]:
    return list(dict.fromkeys(names or ()))


@pytest.mark.parametrize("part", PARTS)
def test_what_kk_sets_up(part: str) -> None:
    agrees = PARTS[part]
    wrong = []
    for answer in accepted():
        reading = read(answer["name"])
        if reading is None or not agrees(answer, effective(answer), reading):
            wrong.append(answer["name"])
    assert wrong == []


@pytest.mark.parametrize("mode", MODES)
def test_after_apply_kk_reads_the_wanted_endpoint(mode: str, tmp_path: Path) -> None:
    """Or the plan is refused, as where a key is there in two spellings."""
    name, answered = MODES[mode]
    wrong = list[tuple[str, str]]()
    refused = planned = 0
    for answer in accepted():
        reading = read(answer["name"])
        assert reading is not None
        try:
            plan = make_plan(reading, Request(mode_named(name), answered, str(tmp_path / "out")))
        except KkplanError as error:
            refused += 1
            wrong += [(answer["name"], str(error))] * ("Please report" in str(error))
            continue
        planned += 1
        found = endpoint_of(plan.config.after)
        wanted = mode_named(name).wanted(reading.subject.endpoint, answered)
        balancer = "haproxy" if name == "internal-haproxy" else ""
        expected = {
            "domain": wanted.domain,
            "address": wanted.address,
            "port": wanted.port,
            "internalLoadbalancer": balancer,
            "externalDNS": found["externalDNS"] if balancer else "dns_name" in answered,
        }
        said = plan.effective_after
        if found != expected or (said.domain, said.port) != (found["domain"], found["port"]):
            wrong.append((answer["name"], f"{found} is not {expected}"))
    assert wrong == []
    assert planned > 15 * refused > 0


@pytest.mark.parametrize("ending", ["refuses", "panics", "exits with 1"])
def test_no_plan_hides_what_ends_kk(ending: str, tmp_path: Path) -> None:
    """What a plan does not change is an error in the plan as well, so apply stops."""
    silent = []
    for answer in answers():
        reading = read(answer["name"]) if answer["kk"] == ending else None
        if reading is None:
            continue
        try:
            plan = make_plan(reading, Request(mode_named("cloud-lb"), MODES["cloud-lb"][1], str(tmp_path / "out")))
        except KkplanError:
            continue
        found = {finding.id for finding in plan.findings if finding.severity is Severity.ERROR and not finding.fixed}
        if plan.effective_after.route is Route.REFUSED and not found:
            silent.append((answer["name"], plan.effective_after.summary.english))
    assert silent == []


@pytest.mark.parametrize("answer", accepted()[::60], ids=lambda answer: answer["name"])
def test_show_says_it_by_command_line(answer: Answer, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(answer["config"], encoding="utf-8")
    data = json.loads(kkplan("show", "config.yaml", "--format", "json").stdout)
    assert (data["endpoint"]["domain"], data["endpoint"]["port"]) == (shown(answer["domain"]), answer["port"])
    assert data["endpoint"]["address"] in address_choices(answer)
    assert (data["controlPlanes"], data["workers"]) == (_once(answer["controlPlanes"]), _once(answer["workers"]))
    hidden = "********" in data["certSANs"]
    assert hidden or set(data["certSANs"]) == set(answer["certSANs"] or ())
    assert set(data["haproxy"]["hosts"]) == set(answer["haproxyOn"] or ())
    assert set(answer["firstControlPlaneIsOneOf"]) <= set(data["firstControlPlane"]["isOneOf"])
    assert data["firstControlPlane"]["isCertain"] == (len(data["firstControlPlane"]["isOneOf"]) == 1)


ENDED = [answer for ending in STOPPING for answer in [one for one in answers() if one["kk"] == ending][::25]]


@pytest.mark.parametrize("answer", ENDED, ids=lambda answer: answer["name"])
def test_check_says_it_by_command_line(answer: Answer, kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(answer["config"], encoding="utf-8")
    done = kkplan("check", "config.yaml", "--format", "json")
    assert (done.returncode, b'"error"' in done.stdout) == (1, True)
