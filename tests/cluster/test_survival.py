"""Request path, and what must not fail, for each route that kk would take."""

from __future__ import annotations

import pytest

from kkplan.cluster.survival import Survival, survival
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, host, reading_of


def survived(text: str) -> Survival:
    reading = reading_of(text)
    return survival(reading.subject.cluster, reading.effective)


def road(endpoint: str | None, **more: object) -> list[tuple[str, tuple[str, ...]]]:
    return [(hop.name.english, hop.places) for hop in survived(config_text(endpoint, **more)).road]  # type: ignore[arg-type]


def points(endpoint: str | None, **more: object) -> list[str]:
    text = config_text(endpoint, **more)  # type: ignore[arg-type]
    return [point.english for point in survived(text).single_points]


API_SERVERS = ("master1 172.16.0.4:6443", "master2 172.16.0.5:6443", "master3 172.16.0.6:6443")


def test_through_kubekey_s_haproxy() -> None:
    """It goes to the address that SSH has too, and no machine is needed alone."""
    hosts = (host("master1", "10.0.0.4", "172.16.0.4"), *MASTERS[1:], *NODES)
    assert road("internalLoadbalancer: haproxy", hosts=hosts) == [
        ("a worker's kubelet", ("node1", "node2")),
        ("HAProxy on the same worker", ("127.0.0.1:6443",)),
        ("API server", ("master1 10.0.0.4:6443", *API_SERVERS[1:])),
    ]
    assert points("internalLoadbalancer: haproxy") == []


def test_through_a_load_balancer() -> None:
    """Whether there are two of it the config does not tell."""
    endpoint = "address: 172.16.0.100\nport: 8443"
    assert road(endpoint)[1:3] == [
        ("/etc/hosts", ("lb.kubesphere.local → 172.16.0.100",)),
        ("load balancer", ("172.16.0.100:8443",)),
    ]
    assert points(endpoint) == ["the load balancer at 172.16.0.100, unless it has a standby: the config does not say"]


def test_through_dns() -> None:
    """kk leaves /etc/hosts alone only where it is told so."""
    endpoint = "domain: lb.example.com\nexternalDNS: true"
    more = "system: {skipConfigureOS: true}\n"
    assert road(endpoint, more=more)[1:3] == [
        ("/etc/hosts or DNS, as you set it", ("lb.example.com → ?",)),
        ("load balancer", ("lb.example.com:6443",)),
    ]
    assert road("address: 172.16.0.100", more=more)[1][0] == "/etc/hosts or DNS, as you set it"
    assert road(endpoint)[1:] == [("/etc/hosts", ("lb.example.com → 172.16.0.4",)), ("API server", API_SERVERS[:1])]


@pytest.mark.parametrize(
    "endpoint", [None, "internalLoadbalancer: kube-vip", "address: 127.0.0.1", "address: 172.16.0.4"]
)
def test_to_the_first_control_plane_only(endpoint: str | None) -> None:
    """What looks highly available, and is not."""
    assert road(endpoint)[-1] == ("API server", API_SERVERS[:1])
    assert points(endpoint) == ["master1 (172.16.0.4): every node reaches an API server only there"]


def test_to_the_host_whose_address_it_is() -> None:
    """Not the first one."""
    assert road("address: 172.16.0.6")[-1] == ("API server", API_SERVERS[2:])


def test_to_a_host_that_is_no_control_plane() -> None:
    """Only a load balancer of its owner can answer there, on its own port; the others are its backends."""
    endpoint = "address: 172.16.0.7\nport: 8443"
    assert road(endpoint)[2:] == [("load balancer", ("172.16.0.7:8443",)), ("API server", API_SERVERS)]
    assert points(endpoint) == ["node1 (172.16.0.7): the load balancer runs only there"]


def test_another_line_in_etc_hosts_comes_first() -> None:
    """KK126. With skipConfigureOS kk writes neither."""
    more = "dns:\n  nodeEtcHosts: |\n    172.16.0.99 lb.kubesphere.local\n"
    text = config_text(more=more)
    assert reading_of(text).effective.survives is False
    assert "172.16.0.99: nodes use it for lb.kubesphere.local" in survived(text).single_points[1].english
    assert len(survived(text + "  system: {skipConfigureOS: true}\n").single_points) == 1


def test_through_kube_vip() -> None:
    """One of the control planes has the VIP."""
    endpoint = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100"
    assert road(endpoint)[2] == ("kube-vip on one of the control planes", ("172.16.0.100:6443",))
    assert points(endpoint) == []


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        ("internalLoadbalancer: kube-vip\naddress: fd00::100\nport: 8443", "[fd00::100]:8443"),
        ("port: 8443", "172.16.0.4:8443"),
        ("internalLoadbalancer: haproxy\nport: 8443", "127.0.0.1:8443"),
    ],
)
def test_the_road_ends_at_a_port_that_nobody_serves(endpoint: str, place: str) -> None:
    """Then there is no machine to lose: nothing works."""
    assert road(endpoint)[-1] == ("nothing answers there", (place,))
    assert points(endpoint) == [f"the endpoint itself: nothing answers at {place}"]


@pytest.mark.parametrize("endpoint", ["internalLoadbalancer: haproxy\naddress: 1.2.3.4", "port: abc"])
def test_no_road_where_nothing_is_installed(endpoint: str) -> None:
    """kk stops, or ends with status 0."""
    assert road(endpoint) == []


def test_a_road_that_ends_at_a_port_that_nobody_serves() -> None:
    """KubeKey's HAProxy listens on 6443 only."""
    assert road("internalLoadbalancer: haproxy\nport: 8443")[-1] == ("nothing answers there", ("127.0.0.1:8443",))


def test_ipv6_in_brackets_and_a_cluster_without_workers() -> None:
    """As a URL has it."""
    hosts = (host("master1", "fd00::4"),)
    roles = {"etcd": ("master1",), "master": ("master1",)}
    assert road("address: fd00::100", hosts=hosts, roles=roles)[0] == ("kubelet", ("master1",))
    assert road("address: fd00::100", hosts=hosts, roles=roles)[-1] == ("API server", ("master1 [fd00::4]:6443",))


@pytest.mark.parametrize(
    ("members", "losses", "point"),
    [
        (("master1",), 0, "master1: the only etcd member, which holds all data of the cluster"),
        (("master1", "master2"), 0, "master1, master2: etcd on two members needs both"),
        (("master[1:3]",), 1, None),
    ],
)
def test_etcd(members: tuple[str, ...], losses: int, point: str | None) -> None:
    """A majority has to be there."""
    roles = {**ROLES, "etcd": members}
    seen = survived(config_text("internalLoadbalancer: haproxy", roles=roles))
    assert seen.etcd_losses == losses
    assert [found.english for found in seen.single_points] == ([point] if point else [])


def test_the_only_control_plane_behind_haproxy() -> None:
    """HAProxy alone does not make two of it."""
    roles = {**ROLES, "control-plane": ("master1",)}
    assert points("internalLoadbalancer: haproxy", roles=roles) == ["master1: the only control plane"]


CILIUM = "kubernetes: {disableKubeProxy: true}\nnetwork: {plugin: cilium}\n"
KUBE_VIP = "internalLoadbalancer: kube-vip\naddress: 172.16.0.100"
UP_TO = "the endpoint itself: nothing answers at 172.16.0.100:6443"


def test_cilium_without_kube_proxy_hangs_on_one_machine() -> None:
    """The endpoint itself survives; what the agents of Cilium go to does not."""
    weak = "master1 (172.16.0.4): Cilium on every node reaches the API server only there"
    assert points("internalLoadbalancer: haproxy", more=CILIUM) == [weak]
    assert points("externalDNS: true", more=f"{CILIUM}system: {{skipConfigureOS: true}}\n")[-1] == weak
    assert points(KUBE_VIP, more=CILIUM) == []


@pytest.mark.parametrize(
    ("endpoint", "more"),
    [
        (KUBE_VIP, "kubernetes: {version: v1.30.6}\n"),
        (f"{KUBE_VIP}\nkubevip: {{mode: BGP}}", ""),
    ],
)
def test_a_kube_vip_that_cannot_serve(endpoint: str, more: str) -> None:
    assert points(endpoint, more=more) == [UP_TO]


def test_a_kube_vip_on_another_nic() -> None:
    hosts = [host(f"master{number}", f"192.168.50.{number}", f"172.16.0.{number + 3}") for number in (1, 2, 3)]
    assert points(KUBE_VIP, hosts=(*hosts, *NODES)) == [UP_TO]


def test_haproxy_that_no_api_server_answers() -> None:
    more = "kubernetes: {apiserverArgs: [anonymous-auth=false]}\n"
    assert points("internalLoadbalancer: haproxy", more=more) == [
        "the endpoint itself: nothing answers at 127.0.0.1:6443"
    ]


def test_haproxy_that_goes_to_one_address_for_all() -> None:
    """As behind a NAT gateway."""
    hosts = [host(f"master{number}", "203.0.113.9", f"172.16.0.{number + 3}") for number in (1, 2, 3)]
    (point,) = points("internalLoadbalancer: haproxy", hosts=(*hosts, *NODES))
    assert point.startswith("203.0.113.9: ")
    assert not survived(config_text("internalLoadbalancer: haproxy", hosts=(*hosts, *NODES))).effective.survives


@pytest.mark.parametrize(
    ("endpoint", "more", "parts"),
    [
        ("address: 172.16.0.100", "", ["cloud-init"]),
        ("internalLoadbalancer: haproxy", "", ["cloud-init", "only its own node"]),
        ("address: 172.16.0.100", "system: {skipConfigureOS: true}\n", []),
        ("internalLoadbalancer: haproxy\naddress: 172.16.0.100", "", []),
    ],
)
def test_what_the_config_does_not_tell(endpoint: str, more: str, parts: list[str]) -> None:
    """kk's line in /etc/hosts does not outlive cloud-init's; without such a line there is nothing to lose."""
    notes = [note.english for note in survived(config_text(endpoint, more=more)).effective.notes]
    assert len(notes) == len(parts)
    assert all(part in note for part, note in zip(parts, notes, strict=True))


def test_without_hosts_the_cause_is_told() -> None:
    text = config_text().replace("  hosts:", "  hostz:")
    assert survived(text).effective.summary.english == "no hosts: kk stops with an error"
