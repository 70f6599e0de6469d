"""KK126: a domain that /etc/hosts has for something else."""

from __future__ import annotations

import pytest

from tests.rules.conftest import ROLES, config_text, found, line_with


@pytest.mark.parametrize(
    ("endpoint", "more", "owner"),
    [
        ("domain: master2\naddress: 172.16.0.100", "", "master2"),
        ("domain: Master2\naddress: 172.16.0.100", "", "master2"),
        ("domain: node1.cluster.local\naddress: 172.16.0.100", "", "node1"),
        ("domain: node1.prod\naddress: 172.16.0.100", "kubernetes: {clusterName: prod}\n", "node1"),
        (
            "domain: lb.example.com\naddress: 172.16.0.100",
            "dns:\n  nodeEtcHosts: |\n    172.16.0.1 gw\n    172.16.0.99 a lb.example.com # old\n",
            "dns.nodeEtcHosts",
        ),
    ],
)
def test_a_name_that_stands_before_the_endpoint_s(endpoint: str, more: str, owner: str) -> None:
    """The first line of a name wins."""
    text = config_text(endpoint, more=more)
    (finding,) = found("KK126", text)
    assert finding.line == line_with(text, "domain:")
    assert f"is also a name of {owner}, which comes first" in finding.message.english


def test_the_registry_s_name() -> None:
    """kk writes it with the address of the group's first host."""
    text = config_text(
        "domain: dockerhub.kubekey.local\naddress: 172.16.0.100",
        roles={**ROLES, "registry": ("node1",)},
        more="registry: {privateRegistry: dockerhub.kubekey.local/library}\n",
    )
    assert "registry.privateRegistry" in found("KK126", text)[0].message.english


def test_the_registry_s_default_name() -> None:
    """Without privateRegistry kk still writes one, once a host is in the group."""
    text = "domain: dockerhub.kubekey.local\naddress: 172.16.0.100"
    (finding,) = found("KK126", config_text(text, roles={**ROLES, "registry": ("node1",)}))
    assert "also a name of roleGroups.registry" in finding.message.english
    assert found("KK126", config_text(text)) == []


@pytest.mark.parametrize("domain", ["node", "nod.1"])
def test_a_name_that_the_sed_script_hits(domain: str) -> None:
    """It looks for a blank, the domain, and anything behind; dots stand for any character."""
    (finding,) = found("KK126", config_text(f"internalLoadbalancer: haproxy\ndomain: {domain}"))
    assert "also matches node1" in finding.message.english


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        ("domain: node\naddress: 172.16.0.100", ""),
        ("internalLoadbalancer: haproxy\ndomain: lb.kubesphere.local", ""),
        ("domain: master2\naddress: 172.16.0.100", "system: {skipConfigureOS: true}\n"),
        ("domain: lb.example.com\naddress: 172.16.0.100", 'dns: {nodeEtcHosts: "172.16.0.100 lb.example.com"}\n'),
        ("domain: lb.example.com\naddress: 172.16.0.100", 'dns: {nodeEtcHosts: "# 172.16.0.99 lb.example.com"}\n'),
    ],
)
def test_silent_where_nothing_else_has_the_name(endpoint: str, more: str) -> None:
    """Or the same address, or kk leaves /etc/hosts alone."""
    assert found("KK126", config_text(endpoint, more=more)) == []


@pytest.mark.parametrize("endpoint", ['address: ""', "internalLoadbalancer: haproxy", "address: 172.16.0.4"])
def test_silent_for_a_line_with_the_address_that_kk_writes(endpoint: str) -> None:
    """By default that of the first control plane."""
    more = "dns:\n  nodeEtcHosts: |\n    172.16.0.4 lb.kubesphere.local\n"
    assert found("KK126", config_text(endpoint, more=more)) == []
