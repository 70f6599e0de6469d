"""A plan for each made-up pair of files: what kk would read afterwards is what was wanted, and what kkplan has foretold."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.errors import KkplanError
from kkplan.kubekey4.defaults import HAPROXY, KUBE_VIP, LOCAL
from kkplan.kubekey4.subject import Subject
from kkplan.modes.mode import mode_named
from kkplan.modes.question import Answers
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Severity
from kkplan.plan.plan import Plan
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import with_data
from tests.kubekey4.answers import KEPT, Answer, answers, written
from tests.kubekey4.test_answers import read

# Mode → its answers, the type and the address that kk reads then.
MODES: dict[str, tuple[str, Answers, str, str]] = {
    "internal-haproxy": ("internal-haproxy", {}, HAPROXY, ""),
    "cloud-lb": ("cloud-lb", {"address": "10.0.0.100", "port": "8443"}, LOCAL, "10.0.0.100"),
    "cloud-lb by name": ("cloud-lb", {"dns_name": "lb.corp.example"}, LOCAL, ""),
    "keepalived": (
        "keepalived",
        {"address": "10.0.0.101/24", "lb": ("lb1=10.0.0.102", "lb2=10.0.0.103")},
        LOCAL,
        "10.0.0.101",
    ),
    "kube-vip": ("kube-vip", {"address": "10.0.0.104"}, KUBE_VIP, "10.0.0.104"),
}


@cache
def plans(mode: str) -> tuple[dict[str, Plan], dict[str, KkplanError]]:
    """The plans for all pairs that kk loads, and why there is none for the others."""
    name, answered, _, _ = MODES[mode]
    made, refused = dict[str, Plan](), dict[str, KkplanError]()
    for answer in answers():
        reading = read(answer["name"])
        if answer["kk"] != "accepts" or reading is None:
            continue
        try:
            made[answer["name"]] = make_plan(reading, Request(mode_named(name), answered, "/nowhere/out"))
        except KkplanError as error:
            refused[answer["name"]] = error
    return made, refused


def after(name: str, plan: Plan) -> Subject:
    reading = read(name)
    assert reading is not None
    return with_data(reading, {CONFIG: plan.config.after}).subject


@pytest.mark.parametrize("mode", MODES)
def test_after_apply_kk_reads_the_wanted_endpoint(mode: str) -> None:
    """Type, host, port, address, and the address among certSANs; or the plan is refused."""
    _, _, kind, address = MODES[mode]
    made, refused = plans(mode)
    wrong = list[tuple[str, Any]]()
    for name, plan in made.items():
        subject = after(name, plan)
        endpoint, sans = subject.endpoint, plan.effective_after.cert_sans
        found = (endpoint.type, endpoint.address, endpoint.port, endpoint.domain)
        expected = (kind, address, plan.effective_after.port, plan.effective_after.domain)
        if found != expected or (address and sans and address not in sans):
            wrong.append((name, (found, expected)))
        if kind == HAPROXY and endpoint.api_server_port not in (0, endpoint.port):
            wrong.append((name, endpoint.port))
    assert wrong == []
    assert len(made) > 15 * len(refused)


@pytest.mark.parametrize("mode", MODES)
def test_the_foretold_endpoint_is_that_of_the_written_file(mode: str) -> None:
    """What the plan says, read again from what it writes."""
    made, _ = plans(mode)
    wrong = []
    for name, plan in made.items():
        reading = read(name)
        assert reading is not None
        again: EffectiveEndpoint = reading.dialect.effective(after(name, plan))
        if _listed(again) != _listed(plan.effective_after):
            wrong.append(name)
    assert wrong == []


def _listed(endpoint: EffectiveEndpoint) -> tuple[object, ...]:
    """The endpoint to compare: two functions that list the same names are not equal."""
    return endpoint._replace(list_cert_sans=tuple), endpoint.cert_sans


@pytest.mark.parametrize("mode", MODES)
def test_a_second_plan_changes_nothing(mode: str) -> None:
    name_of_mode, answered, _, _ = MODES[mode]
    made, _ = plans(mode)
    for name, plan in list(made.items())[::7]:
        reading = read(name)
        assert reading is not None
        second = with_data(reading, {CONFIG: plan.config.after})
        assert make_plan(second, Request(mode_named(name_of_mode), answered, "/nowhere/out")).edits == ()


@pytest.mark.parametrize("mode", MODES)
def test_refusals_are_reasoned(mode: str) -> None:
    """No plan ends with the words for a bug."""
    _, refused = plans(mode)
    assert [name for name, error in refused.items() if "Please report" in str(error)] == []


def _installs(answer: Answer) -> bool:
    return (
        answer["kk"] == "accepts"
        and answer["name"] not in KEPT
        and answer["precheck"] == "passes"
        and answer["install"] == "succeeds"
        and answer["kubeadmFileIsValidYaml"]
        and answer["inventory"] is not None
        and re.fullmatch(r"[A-Za-z0-9._-]+", written(answer["endpointHost"])) is not None
    )


LEFT_BY_NONE = ("KK401", "KK402", "KK403", "KK404")


@pytest.mark.parametrize("mode", ["internal-haproxy", "cloud-lb", "keepalived"])
def test_a_plan_mends_what_the_endpoint_broke(mode: str) -> None:
    """A misspelled type, a port that nobody serves and the like: no error is left that the plan could not have mended."""
    made, _ = plans(mode)
    left = {
        answer["name"]: ids
        for answer in answers()
        if _installs(answer) and (plan := made.get(answer["name"])) is not None
        if (ids := {finding.id for finding in plan.open_findings(Severity.ERROR) if finding.id in LEFT_BY_NONE})
    }
    assert left == {}
