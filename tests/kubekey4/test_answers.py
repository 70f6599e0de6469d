"""kkplan says of each made-up pair of files what KubeKey 4's own code does with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.disk.config_file import ConfigFile
from kkplan.document.parse import Document, parse
from kkplan.errors import KkplanError
from kkplan.kubekey4 import DIALECT
from kkplan.kubekey4.loading import INVENTORY
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Severity
from kkplan.rules.selection import Selection
from kkplan.shown import shown, shown_node
from kkplan.use.check_file import check_reading
from kkplan.use.read import Reading
from tests.conftest import ROOT, Kkplan
from tests.kubekey4.answers import KEPT, Answer, answers, joins_at_own_node, leads_to, of_other_versions, written


def reading_of(answer: Answer) -> Reading | None:
    """What kkplan reads from the files; None where it calls them unreadable (KK001)."""
    files: dict[str, ConfigFile] = {}
    documents: dict[str, Document] = {}
    for role in (CONFIG, INVENTORY):
        if answer[role] is not None:
            files[role] = ConfigFile(f"{role}.yaml", answer[role].encode(), 0o600)
    try:
        for role, file in files.items():
            documents[role] = parse(file.data, file.name)
        if CONFIG not in files:
            files, documents = {CONFIG: files[INVENTORY]}, {CONFIG: documents[INVENTORY]}
        return Reading(DIALECT, files, documents, DIALECT.read(documents))
    except KkplanError:
        return None


@cache
def read(name: str) -> Reading | None:
    return reading_of(next(answer for answer in answers() if answer["name"] == name))


def errors(name: str) -> set[str]:
    """The rules whose errors `kkplan check` reports."""
    reading = read(name)
    if reading is None:
        return {"KK001"}
    found = check_reading(reading, Selection()).findings
    return {finding.id for finding in found if finding.severity is Severity.ERROR}


def accepted() -> list[Answer]:
    """Those that kk loads, and that kkplan does not differ on."""
    return [one for one in answers() if one["kk"] == "accepts" and one["name"] not in KEPT]


def test_what_kk_refuses_is_an_error() -> None:
    names = [answer["name"] for answer in answers() if answer["kk"] != "accepts"]
    assert len(names) > 10
    # KubeKey 3's config in the inventory's place is called that, and not by what is wrong in it.
    assert [name for name in names if not errors(name) & {"KK001", "KK401", "KK405" * ("asinventory" in name)}] == []
    refused = [answer["name"] for answer in accepted() if errors(answer["name"]) & {"KK001", "KK401"}]
    assert refused == []


def test_where_the_precheck_stops_is_an_error() -> None:
    names = {answer["name"] for answer in accepted() if answer["precheck"] == "fails"}
    assert len(names) > 80
    assert {answer["name"] for answer in accepted() if "KK402" in errors(answer["name"])} == names


def test_where_a_task_fails_is_an_error() -> None:
    """And an IPv6-only control plane, whose kubeadm config is no YAML: the kubeadm of the answers takes anything."""
    passing = [answer for answer in accepted() if answer["precheck"] == "passes"]
    names = {answer["name"] for answer in passing if answer["install"] == "fails"}
    names |= {answer["name"] for answer in passing if answer.get("kubeadmFileIsValidYaml") is False}
    assert len(names) > 10
    unusable = {answer["name"] for answer in passing if written(answer.get("endpointHost"))[:1] in ("{", "[")}  # KK404
    assert {answer["name"] for answer in passing if "KK403" in errors(answer["name"])} == names - unusable


def test_nodes_that_join_at_their_own_address_are_an_error() -> None:
    installed = [answer for answer in accepted() if answer["install"] == "succeeds" and answer["precheck"] == "passes"]
    names = {answer["name"] for answer in installed if joins_at_own_node(answer)}
    assert len(names) > 40
    found = {answer["name"] for answer in installed if errors(answer["name"]) & {"KK404", "KK419"}}
    assert names - found == set()
    others = [answer for answer in installed if answer["name"] in found - names and answer[INVENTORY] is not None]
    unusable = (" ", "{", "[", "/")
    assert [
        answer["name"]
        for answer in others
        if not any(letter in written(answer["endpointHost"]) for letter in unusable) and answer["localAddress"] == ""
    ] == []


def test_no_error_of_kubekey_4_where_all_goes_well() -> None:
    """Nothing that kk installs from, and that joins, is called broken."""
    wrong = [
        (answer["name"], found)
        for answer in accepted()
        if answer["precheck"] == "passes"
        and answer["install"] == "succeeds"
        and not joins_at_own_node(answer)
        and answer.get("kubeadmFileIsValidYaml")
        and (found := errors(answer["name"]) & {"KK401", "KK402", "KK403"})
    ]
    assert wrong == []


def test_workers_that_kk_adds_and_does_not_join() -> None:
    """KK418, where the precheck lets kk come so far."""
    added = [one for one in accepted() if one.get("addWorker") == "succeeds" and one["precheck"] == "passes"]
    added = [one for one in added if one[INVENTORY] is not None and one["install"] == "succeeds"]
    names = {one["name"] for one in added if not one["kubeadmRunOnAddedWorker"]}
    assert len(names) > 10
    readings = {one["name"]: read(one["name"]) for one in added}
    found = {
        name
        for name, reading in readings.items()
        if reading is not None
        and any(finding.id == "KK418" for finding in check_reading(reading, Selection()).findings)
    }
    assert found == names


def test_what_is_kept_is_told() -> None:
    page = (ROOT / "docs" / "kubekey4-agreement.md").read_text(encoding="utf-8")
    assert [name for name in KEPT if f"`{name}`" not in page] == []
    assert len(KEPT) < 0.02 * len(answers())


Part = Callable[[Answer, EffectiveEndpoint, Reading], bool]


def _group(answer: Answer, name: str) -> list[str]:
    return answer[f"group{name}"] or []


def _known(answer: Answer, name: str) -> list[str]:
    """The hosts of the group that there are: kk keeps names that no host has."""
    hosts = answer["connectorOfNode"]
    return [host for host in _group(answer, name) if host in hosts]


def _leads(moment: str) -> Part:
    drawn = {"afterInstall": "initNodeDrawn", "afterAddNodes": "addWorkerInitNodeDrawn"}[moment]
    key = {"afterInstall": "hostLeadsToAfterInstall", "afterAddNodes": "hostLeadsToAfterAddWorker"}[moment]

    def agrees(answer: Answer, said: EffectiveEndpoint, reading: Reading) -> bool:
        if answer.get(key) is None:
            return True
        addresses = {host.name: host.internal_addresses for host in reading.subject.cluster.hosts}
        init = answer[drawn]
        found = {
            one.node: list(one.after_install if moment == "afterInstall" else one.after_add_nodes)
            for one in said.leads_to
        }
        return all(
            found[node]
            == leads_to(answer, moment, node, init if "init-node" in found[node] else None, addresses.get(init, ()))
            for node in found
        )

    return agrees


PARTS: dict[str, Part] = {
    "accepted": lambda answer, said, _: (said.route is Route.REFUSED) is (answer["precheck"] == "fails"),
    "type": lambda answer, _, reading: reading.subject.endpoint.type == answer["endpointType"],
    "domain": lambda answer, said, _: said.domain == written(answer["endpointHost"]),
    "port": lambda answer, said, _: (
        written(said.port) == written(answer["endpointPort"]).strip()
        or (said.port, written(answer["endpointPort"]).strip().isdigit()) == (0, False)
    ),
    "control planes": lambda answer, _, reading: (
        [host.name for host in reading.subject.cluster.control_planes] == _known(answer, "ControlPlane")
    ),
    "workers": lambda answer, _, reading: (
        [host.name for host in reading.subject.cluster.workers] == _known(answer, "Worker")
    ),
    "etcd": lambda answer, _, reading: (
        [host.name for host in reading.subject.cluster.etcd_members]
        == _known(answer, "ControlPlane" if answer["etcdDeploymentType"] == "internal" else "Etcd")
    ),
    "nodes of the cluster": lambda answer, _, reading: (
        list(dict(reading.subject.cluster.groups).get("k8s_cluster", ())) == _group(answer, "K8sCluster")
    ),
    "after the install": _leads("afterInstall"),
    "after kk add nodes": _leads("afterAddNodes"),
    "init node": lambda answer, said, _: (
        not answer["initNodeDrawn"] or answer["initNodeDrawn"] in said.first_control_planes
    ),
    "certificate SANs": lambda answer, said, _: (
        "kubeadmCertSANs" not in answer or set(said.cert_sans) == set(answer["kubeadmCertSANs"])
    ),
    "HAProxy's hosts": lambda answer, said, _: set(said.haproxy_hosts) == set(answer.get("haproxyOnNodes", ())),
    "HAProxy's bind": lambda answer, said, _: said.haproxy_bind == answer.get("haproxyBind", ""),
    "HAProxy's servers": lambda answer, said, _: (
        [f"{one.name} {one.address}:{one.port}" for one in said.haproxy_servers]
        == [server.replace("<no", "0") for server in answer.get("haproxyServers", ())]
    ),
    "kube-vip's hosts": lambda answer, said, _: set(said.kube_vip_hosts) == set(answer.get("kubeVipOnNodes", ())),
    "kube-vip's address": lambda answer, said, _: said.kube_vip_address == answer.get("kubeVipManifestAddress", ""),
}


def compared(pairs: list[Answer]) -> list[Answer]:
    """Those that kk takes far enough to have variables, with an inventory: without one, kkplan says that roles are unknown."""
    return [answer for answer in pairs if "endpointHost" in answer and answer["inventory"] is not None]


@pytest.mark.parametrize("part", PARTS)
def test_what_kk_sets_up(part: str) -> None:
    agrees, wrong = PARTS[part], []
    pairs = compared(accepted())
    assert len(pairs) > 300
    for answer in pairs:
        reading = read(answer["name"])
        if reading is None or not agrees(answer, reading.effective, reading):
            wrong.append(answer["name"])
    assert wrong == []


@pytest.mark.parametrize("part", PARTS)
def test_other_versions_do_the_same(part: str) -> None:
    """v4.0.5 and main as of 2026-08: what kkplan says holds for all from 4.0.5 on."""
    agrees, wrong = PARTS[part], []
    pairs = [one for one in of_other_versions() if one["kk"] == "accepts" and one["name"] not in KEPT]
    assert len(compared(pairs)) > 80
    for answer in compared(pairs):
        reading = reading_of(answer)
        if reading is None or not agrees(answer, reading.effective, reading):
            wrong.append((answer["name"], answer["version"]))
    assert wrong == []


def test_without_an_inventory_the_roles_are_unknown() -> None:
    """kk would take one that is built in and install on its own machine; the endpoint's keys are known all the same."""
    pairs = [one for one in accepted() if one["inventory"] is None and "endpointHost" in one]
    assert len(pairs) > 2
    for answer in pairs:
        reading = read(answer["name"])
        assert reading is not None
        assert reading.effective.domain == answer["endpointHost"]
        assert reading.subject.cluster.hosts == ()
        assert any("no inventory" in note.english for note in reading.effective.notes)


def write_pair(answer: Answer, folder: Path) -> list[str]:
    """The files in the folder, and how they are named on a command line."""
    for role in (CONFIG, INVENTORY):
        if answer[role] is not None:
            (folder / f"{role}.yml").write_bytes(answer[role].encode())
    if answer[CONFIG] is None:
        return ["inventory.yml"]
    return ["config.yml", *(["--inventory", "inventory.yml"] if answer[INVENTORY] is not None else [])]


@pytest.mark.parametrize("answer", compared(accepted())[::25], ids=lambda answer: answer["name"])
def test_show_says_it_by_command_line(answer: Answer, kkplan: Kkplan, tmp_path: Path) -> None:
    done = kkplan("show", *write_pair(answer, tmp_path), "--format", "json")
    data = json.loads(done.stdout)
    reading = read(answer["name"])
    assert reading is not None
    assert data["endpoint"]["domain"] == shown(written(answer["endpointHost"]))
    assert data["controlPlanes"] == list(map(shown_node, _known(answer, "ControlPlane")))
    assert data["workers"] == list(map(shown_node, _known(answer, "Worker")))
    assert set(data["haproxy"]["hosts"]) == set(answer.get("haproxyOnNodes", ()))
    assert set(data["kubeVip"]["hosts"]) == set(answer.get("kubeVipOnNodes", ()))
    leads = {
        one.node: {"afterInstall": list(one.after_install), "afterAddNodes": list(one.after_add_nodes)}
        for one in reading.effective.leads_to
    }
    assert data["endpoint"]["leadsTo"] == leads


ENDED = [
    *[one for one in answers() if one["kk"] != "accepts"][::3],
    *[one for one in answers() if one.get("precheck") == "fails"][::20],
    *[one for one in answers() if one.get("precheck") == "passes" and one["install"] == "fails"][::4],
    *[one for one in answers() if one.get("precheck") == "passes" and joins_at_own_node(one)][::20],
]


@pytest.mark.parametrize("answer", ENDED, ids=lambda answer: answer["name"])
def test_check_says_it_by_command_line(answer: Answer, kkplan: Kkplan, tmp_path: Path) -> None:
    done = kkplan("check", *write_pair(answer, tmp_path), "--format", "json")
    assert (done.returncode, b'"error"' in done.stdout) == (1, True)
