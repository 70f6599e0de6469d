"""KK102: two control planes or more without an endpoint hang on the first one."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ENDPOINT, MASTERS, NODES, ROLES, config_text, found, found_in_plan, host, line_with

EMPTY = 'domain: lb.kubesphere.local\naddress: ""\nport: 6443'


def test_where_kk_leaves_etc_hosts_alone_it_is_a_warning() -> None:
    """Who answers to the domain, the config does not tell; externalDNS says that it is known."""
    more = "system: {skipConfigureOS: true}\n"
    (finding,) = found("KK102", config_text("domain: lb.example.com", more=more))
    assert finding.severity is Severity.WARNING
    assert "must point lb.example.com to a load balancer" in finding.message.english
    assert found("KK102", config_text("domain: lb.example.com\nexternalDNS: true", more=more)) == []
    assert found("KK102", config_text("address: 172.16.0.100", more=more)) == []


def test_three_control_planes_and_an_empty_address() -> None:
    """It says how many depend on which machine."""
    text = config_text(EMPTY)
    (finding,) = found("KK102", text)
    assert (finding.id, finding.severity) == ("KK102", Severity.ERROR)
    assert finding.line == line_with(text, "controlPlaneEndpoint:")
    assert finding.message.english.startswith("3 control planes")
    assert "172.16.0.4" in finding.message.english


@pytest.mark.parametrize("endpoint", ["null", "{}", "", "externalDNS: null", "externalDNS: false", "address: null"])
def test_nothing_and_null_are_an_empty_address(endpoint: str) -> None:
    """Keys that are missing or null keep Go's zero value."""
    assert len(found("KK102", config_text(endpoint))) == 1


def test_without_a_block_the_line_is_that_of_spec() -> None:
    """There the block would stand."""
    text = config_text(None)
    (finding,) = found("KK102", text)
    assert finding.line == line_with(text, "spec:")


def test_two_control_planes_named_by_a_range() -> None:
    """`master[1:2]` are two."""
    text = config_text(EMPTY, roles={**ROLES, "control-plane": ("master[1:2]",)})
    (finding,) = found("KK102", text)
    assert finding.message.english.startswith("2 control planes")


def test_master_comes_before_control_plane() -> None:
    """Both groups count, master's hosts first: the address is that of the first one in kk's order."""
    roles = {"etcd": ("master1",), "control-plane": ("master1",), "master": ("master3",), "worker": ("node1",)}
    (finding,) = found("KK102", config_text(EMPTY, roles=roles))
    assert finding.message.english.startswith("2 control planes")
    assert "172.16.0.6" in finding.message.english


def test_the_address_is_the_internal_ipv4_one() -> None:
    """Of a dual-stack host kk takes the IPv4 address, not the one it reaches by SSH."""
    first = host("master1", "203.0.113.4", '"172.16.0.4,fd00::4"')
    (finding,) = found("KK102", config_text(EMPTY, hosts=(first, *MASTERS[1:], *NODES)))
    assert "depends on 172.16.0.4." in finding.message.english


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "internalLoadbalancer: haproxy",
        "externalDNS: true",
        "address: 127.0.0.1",  # KK104's
        "address: 172.16.0.5",  # KK104's
        "internalLoadbalancer: kube-vip",  # KK110's
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.100",
    ],
)
def test_silent_with_an_endpoint_or_where_another_rule_speaks(endpoint: str) -> None:
    """One mistake is one finding."""
    assert found("KK102", config_text(endpoint)) == []


def test_one_control_plane_needs_no_endpoint() -> None:
    """kk does not warn either; KK108 says that it is not highly available."""
    assert found("KK102", config_text(EMPTY, roles={**ROLES, "control-plane": ("master1",)})) == []


def test_every_mode_mends_it() -> None:
    """The planned config has an endpoint."""
    text = config_text(EMPTY)
    assert found_in_plan("KK102", text, "internal-haproxy") == []
    assert found_in_plan("KK102", text, "cloud-lb", address="172.16.0.100") == []
    assert found_in_plan("KK102", text, "cloud-lb", dns_name="lb.example.com") == []
    assert found_in_plan("KK102", text, "keepalived", address="172.16.0.100", lb=("a=172.16.0.2", "b=172.16.0.3")) == []
