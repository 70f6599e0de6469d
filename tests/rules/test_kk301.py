"""KK301: an unknown key."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


@pytest.mark.parametrize(
    ("key", "guess"),
    [
        ("kubernetes:\n  containerManger: containerd\n", "Did you mean containerManager?"),
        ("network:\n  kubePodCIDR: 10.233.64.0/18\n", "Did you mean kubePodsCIDR?"),
        ("kubePodsCIDR: 10.233.64.0/18\n", "It belongs in spec.network. Check the indentation"),
        ("storage:\n  openebs:\n    basepth: /data\n", "Did you mean basePath?"),
    ],
)
def test_the_key_that_was_meant_is_told(key: str, guess: str) -> None:
    text = config_text(more=key)
    (finding,) = found("KK301", text)
    assert finding.line == line_with(text, key.strip().splitlines()[-1].strip())
    assert guess in str(finding.advice)


def test_a_key_of_a_host_at_its_column() -> None:
    hosts = (*MASTERS, NODES[0], NODES[1].replace("user: root", "usr: root"))
    text = config_text(hosts=hosts)
    (finding,) = found("KK301", text)
    assert finding.place is not None
    assert text.splitlines()[finding.line - 1][finding.place.column - 1 :].startswith("usr: root")


def test_a_comma_in_a_password_cuts_it_and_is_not_shown() -> None:
    """`{password: Secret,pw2}` is a password and a key: neither may be told."""
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", "password: Qcloud@1,canary77"))
    (finding,) = found("KK301", config_text(hosts=hosts))
    assert "canary77" not in f"{finding.message.english}{finding.message}{finding.advice}"
    assert "quotes" in str(finding.advice)


@pytest.mark.parametrize("comma", [",", ", "])
def test_a_comma_in_two_addresses_makes_a_key_of_the_second(comma: str) -> None:
    """An address is no secret, so it is named; behind a password it might be a part of it."""
    text = config_text(hosts=(*MASTERS, NODES[0], host("node2", "172.16.0.8", f"172.16.0.8{comma}fd00::8")))
    (finding,) = found("KK301", text)
    assert "the comma ends the value of internalAddress. fd00::8 becomes a key of its own" in finding.message.english
    assert "quotes" in str(finding.advice)
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", "password: Qcloud@1,10.0.0.9"))
    assert "10.0.0.9" not in found("KK301", config_text(hosts=hosts))[0].message.english


@pytest.mark.parametrize(
    "more",
    [
        "kubernetes:\n  kubeletConfiguration: {anyKey: {below: it}}\n",
        "x-defaults: {a: 1}\n",
        "addons:\n- name: nfs\n  sources: {chart: {name: nfs, repo: https://example.org, valuesFile: /v.yaml}}\n",
        "network:\n  PLUGIN: calico\n",
    ],
)
def test_silent_where_kubekey_reads_or_passes_on(more: str) -> None:
    """encoding/json matches keys without regard to case."""
    assert found("KK301", config_text(more=more)) == []


@pytest.mark.parametrize(
    "written",
    [
        "password:canary77",
        "password：canary77",
        "password canary77",
        "passwd canary77",
        "password=canary77",
        "密码：canary77",
        '"password: canary77"',
        "pasword: Ab,canary77",
        "password:Canary-77/x",
    ],
)
def test_what_a_forgotten_blank_makes_a_key_of_is_not_shown(written: str) -> None:
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", written))
    findings = found("KK301", config_text(hosts=hosts))
    assert findings
    for finding in findings:
        assert "anary" not in f"{finding.message.english}{finding.message}{finding.advice}"


def test_a_forgotten_blank_is_named() -> None:
    hosts = (*MASTERS, NODES[0], NODES[1].replace("password: Qcloud@1", "password:canary77"))
    (finding,) = found("KK301", config_text(hosts=hosts))
    assert "no space after the colon of password" in str(finding.message)


def test_a_misspelled_key_with_an_anchor_is_found() -> None:
    assert found("KK301", config_text(more="kubernetes:\n  containerManger: &x docker\nsystem:\n  timezone: *x\n"))


def test_v1alpha1_with_later_keys_is_mentioned_once() -> None:
    """KubeKey 3 reads a document of v1alpha1 as one of v1alpha2."""
    text = config_text(more="etcd: {type: kubekey}\n").replace("v1alpha2", "v1alpha1")
    (finding,) = found("KK301", text)
    assert finding.severity is Severity.INFO
    assert "KubeKey 2 and 3 still read it" in finding.message.english


def test_a_key_of_a_registry_s_own_settings() -> None:
    """plainHTTP is for one registry, in auths."""
    (finding,) = found("KK301", config_text(more="registry:\n  plainHTTP: true\n"))
    assert finding.advice.english == "It belongs in spec.registry.auths.*. Check the indentation"
