"""The effective endpoint: every route, with the config that leads to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from kkplan.cluster.endpoint import EffectiveEndpoint, Route
from kkplan.document.parse import parse
from kkplan.kubekey4.effective import effective_endpoint as effective_of_4
from kkplan.kubekey4.loading import INVENTORY
from kkplan.kubekey4.read import read as read_4
from kkplan.plan.dialect import CONFIG
from tests.rules import kubekey4
from tests.rules.conftest import ENDPOINT, MASTERS, NODES, ROLES, config_text, host, reading_of

INVENTORY_IPV6 = kubekey4.INVENTORY_TEXT.replace("internal_ipv4: 10.0.0.", "internal_ipv4: fd00::")
EMPTY = 'domain: lb.kubesphere.local\naddress: ""\nport: 6443'
ONE = {**ROLES, "control-plane": ("master1",)}
NONE = {**ROLES, "control-plane": ()}

# Route → the text below controlPlaneEndpoint, the role groups, the address in /etc/hosts, and whether it survives.
ROUTES = {
    "no control plane": (Route.REFUSED, ENDPOINT, NONE, "", False),
    "a role group with a host that is none": (
        Route.REFUSED,
        ENDPOINT,
        {**ROLES, "worker": ("node1", "mistyped")},
        "",
        False,
    ),
    "a quoted port": (Route.REFUSED, 'address: 172.16.0.100\nport: "6443"', ROLES, "", False),
    "a list as address": (Route.REFUSED, "address: [172.16.0.100]", ROLES, "", False),
    "kube-vip, DNS, no VIP": (
        Route.UNREACHABLE,
        "internalLoadbalancer: kube-vip\nexternalDNS: true",
        ROLES,
        "172.16.0.4",
        False,
    ),
    "haproxy and an address": (
        Route.NOTHING_INSTALLED,
        "internalLoadbalancer: haproxy\naddress: 172.16.0.100",
        ROLES,
        "",
        False,
    ),
    "haproxy and another port": (
        Route.UNREACHABLE,
        "internalLoadbalancer: haproxy\nport: 8443",
        ROLES,
        "127.0.0.1",
        False,
    ),
    "haproxy": (Route.LOCAL_HAPROXY, "internalLoadbalancer: haproxy", ROLES, "127.0.0.1", True),
    "haproxy for one": (Route.LOCAL_HAPROXY, "internalLoadbalancer: haproxy", ONE, "127.0.0.1", False),
    "haproxy, DNS does not matter": (
        Route.LOCAL_HAPROXY,
        "internalLoadbalancer: haproxy\nexternalDNS: true",
        ROLES,
        "127.0.0.1",
        True,
    ),
    "kube-vip": (
        Route.KUBE_VIP,
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.100",
        ROLES,
        "172.16.0.100",
        True,
    ),
    "an address": (Route.ADDRESS, ENDPOINT, ROLES, "172.16.0.100", True),
    "an IPv6 address": (Route.ADDRESS, "address: fd00::100\nport: 8443", ROLES, "fd00::100", True),
    "an address for one": (Route.ADDRESS, ENDPOINT, ONE, "172.16.0.100", False),
    "an address beside DNS": (
        Route.ADDRESS,
        "externalDNS: true\naddress: 172.16.0.100",
        ROLES,
        "172.16.0.100",
        True,
    ),
    "an unknown balancer and an address": (
        Route.ADDRESS,
        "internalLoadbalancer: HAProxy\naddress: 172.16.0.100",
        ROLES,
        "172.16.0.100",
        True,
    ),
    "DNS": (Route.SHADOWED_DNS, "domain: lb.example.com\nexternalDNS: true", ROLES, "172.16.0.4", False),
    "DNS for one": (Route.SHADOWED_DNS, "externalDNS: yes\naddress: null", ONE, "172.16.0.4", False),
    "nothing": (Route.FIRST_CONTROL_PLANE, EMPTY, ROLES, "172.16.0.4", False),
    "a null block": (Route.FIRST_CONTROL_PLANE, "null", ROLES, "172.16.0.4", False),
    "no block": (Route.FIRST_CONTROL_PLANE, None, ROLES, "172.16.0.4", False),
    "an unknown balancer": (Route.FIRST_CONTROL_PLANE, "internalLoadbalancer: HAProxy", ROLES, "172.16.0.4", False),
    "the loopback address": (Route.FIRST_CONTROL_PLANE, "address: 127.0.0.1", ROLES, "172.16.0.4", False),
    "the loopback address beside DNS": (
        Route.FIRST_CONTROL_PLANE,
        "externalDNS: true\naddress: 127.0.0.1",
        ROLES,
        "172.16.0.4",
        False,
    ),
    "a host's own address": (Route.FIRST_CONTROL_PLANE, "address: 172.16.0.6", ROLES, "172.16.0.6", False),
    "a worker's own address": (Route.ADDRESS, "address: 172.16.0.7\nport: 8443", ROLES, "172.16.0.7", False),
    "kube-vip without a VIP": (
        Route.FIRST_CONTROL_PLANE,
        "internalLoadbalancer: kube-vip",
        ROLES,
        "172.16.0.4",
        False,
    ),
    "kube-vip with a host's address": (
        Route.FIRST_CONTROL_PLANE,
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.6",
        ROLES,
        "172.16.0.6",
        False,
    ),
    "kube-vip at another port": (
        Route.KUBE_VIP,
        "internalLoadbalancer: kube-vip\naddress: 172.16.0.100\nport: 8443",
        ROLES,
        "172.16.0.100",
        False,
    ),
    "one": (Route.SINGLE, EMPTY, ONE, "172.16.0.4", False),
    "one with the loopback address": (Route.SINGLE, "address: 127.0.0.1", ONE, "172.16.0.4", False),
}


def effective(
    endpoint: str | None,
    *,
    roles: Mapping[str, Sequence[str]] = ROLES,
    hosts: Sequence[str] = (*MASTERS, *NODES),
    more: str = "",
) -> EffectiveEndpoint:
    """The endpoint that kk would use with this block."""
    return reading_of(config_text(endpoint, hosts=hosts, roles=roles, more=more)).effective


@pytest.mark.parametrize("name", ROUTES)
def test_route(name: str) -> None:
    """Route, the address in /etc/hosts, and whether it survives the loss of a control plane."""
    route, endpoint, roles, address, survives = ROUTES[name]
    found = effective(endpoint, roles=roles)
    assert (found.route, found.address, found.survives) == (route, address, survives)


def test_every_route_is_led_to() -> None:
    """A new route without a config here fails."""
    assert {case[0] for case in ROUTES.values()} == set(Route)


def test_domain_and_port_as_kk_takes_them() -> None:
    """Missing, null and 0 are the defaults."""
    for endpoint in ("{}", "domain: null\nport: null", 'domain: ""\nport: 0'):
        found = effective(endpoint)
        assert (found.domain, found.port) == ("lb.kubesphere.local", 6443)
    found = effective("domain: lb.example.com\naddress: 172.16.0.100\nport: 0x20fb")
    assert (found.domain, found.port) == ("lb.example.com", 8443)


def test_a_port_that_nobody_serves_is_told() -> None:
    """API servers and kube-vip have 6443, whatever port says."""
    assert "nodes connect to port 8443, but it listens on 6443" in effective("port: 8443", roles=ONE).summary.english
    endpoint = "internalLoadbalancer: kube-vip\naddress: fd00::100\nport: 8443"
    assert "VIP [fd00::100] on port 8443, but kube-vip serves only port 6443" in effective(endpoint).summary.english


@pytest.mark.parametrize("kind", ["k3s", "k8e"])
def test_haproxy_does_not_work_with_k3s_and_k8e(kind: str) -> None:
    """KK132."""
    found = effective("internalLoadbalancer: haproxy", more=f"kubernetes: {{version: v1.26.5-{kind}}}\n")
    assert (found.route, found.survives) == (Route.UNREACHABLE, False)
    assert f"with {kind} KubeKey's HAProxy does not work" in found.summary.english


def test_an_ipv6_address_is_in_brackets_before_a_port() -> None:
    """fd00::100:8443 would be another address."""
    assert "at [fd00::100]:8443 (" in effective("address: fd00::100\nport: 8443").summary.english
    assert "at 172.16.0.100:1:8443 (" in effective("address: 172.16.0.100:1\nport: 8443").summary.english


def test_where_kk_leaves_etc_hosts_alone_dns_counts() -> None:
    """With system.skipConfigureOS nothing shadows the name; no address is written."""
    found = effective("domain: lb.example.com\nexternalDNS: true", more="system:\n  skipConfigureOS: true\n")
    assert (found.route, found.address, found.survives) == (Route.ADDRESS, "", True)
    assert "lb.example.com:6443 by DNS" in found.summary.english
    unsaid = effective("domain: lb.example.com", more="system:\n  skipConfigureOS: true\n")
    assert (unsaid.route, unsaid.address) == (Route.ADDRESS, "")
    alone = effective("domain: lb.example.com", roles=ONE, more="system:\n  skipConfigureOS: true\n")
    assert alone.route is Route.SINGLE


def test_haproxy_forwards_to_the_ssh_address_and_the_first_one_is_the_internal() -> None:
    """KubeKey's template takes `address`, its fallback `internalAddress`."""
    hosts = (host("master1", "203.0.113.4", '"172.16.0.4,fd00::4"'), *MASTERS[1:], *NODES)
    assert "203.0.113.4:6443" in effective("internalLoadbalancer: haproxy", hosts=hosts).summary.english
    assert effective(EMPTY, hosts=hosts).address == "172.16.0.4"


def test_the_first_control_plane_is_master_s_first() -> None:
    """`master` comes before `control-plane`."""
    roles = {**ROLES, "master": ("master3",)}
    found = effective(EMPTY, roles=roles)
    assert found.address == "172.16.0.6"
    assert "(master3)" in found.summary.english


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no control plane", "no control plane"),
        ("a quoted port", "kk cannot read port"),
        ("kube-vip, DNS, no VIP", "kk stops with an error"),
        ("haproxy and an address", "exits with status 0"),
        ("haproxy and another port", "127.0.0.1:8443"),
        ("haproxy", "HAProxy on 2 workers"),
        ("kube-vip", "kube-vip's VIP 172.16.0.100:6443"),
        ("an address", "behind the load balancer at 172.16.0.100:6443 (lb.kubesphere.local)"),
        ("DNS", "`172.16.0.4 lb.example.com`"),
        ("nothing", "kk uses 172.16.0.4 (master1)"),
        ("a host's own address", "172.16.0.6:6443 belongs to master3"),
        ("a worker's own address", "172.16.0.7:8443 belongs to node1, which is not a control plane"),
        ("kube-vip without a VIP", "the VIP becomes 172.16.0.4, which belongs to master1"),
        ("one", "one control plane: 172.16.0.4 (master1)"),
    ],
)
def test_summary(name: str, words: str) -> None:
    """One sentence that says what happens."""
    _, endpoint, roles, _, _ = ROUTES[name]
    assert words in effective(endpoint, roles=roles).summary.english


def test_an_ipv6_address_before_a_port_has_brackets() -> None:
    """KubeKey 3's HAProxy forwards to the addresses of SSH; KubeKey 4's to internal ones, and its local.address may be IPv6."""
    hosts = tuple(f'- {{name: master{n}, address: "fd00::{n}", internalAddress: 172.16.0.{n + 3}}}' for n in (1, 2, 3))
    text = config_text("internalLoadbalancer: haproxy", hosts=(*hosts, *NODES))
    assert "[fd00::1]:6443, [fd00::2]:6443" in reading_of(text).effective.summary.english
    for block, expected in (
        ("type: haproxy\n", "[fd00::11]:6443"),
        ('type: local\nlocal: {address: "fd00::100"}\n', "[fd00::100]:6443"),
        ('host: "fd00::100"\n', "[fd00::100]:6443"),
    ):
        files = {
            CONFIG: parse(kubekey4.in_block(block).encode(), "config.yaml"),
            INVENTORY: parse(INVENTORY_IPV6.encode(), "inventory.yaml"),
        }
        assert expected in effective_of_4(read_4(files)).summary.english
