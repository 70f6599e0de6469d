"""vip.sh: who has the ports and the VIP."""

from __future__ import annotations

import pytest

from tests.modes.install_parts.conftest import PartShell

# A network of names: the addresses of this machine, and the MAC address that answers for each other one.
NETWORK = """
name=lb1 nic=eth0
has_address() { case " $own " in *" $1 "*) ;; *) false ;; esac; }
mac_of() { case $1 in 172.16.0.10) say "$vip_has" ;; 172.16.0.2) say "$lb1_has" ;; 172.16.0.3) say "$lb2_has" ;; esac; }
own=172.16.0.2 vip_has= lb1_has= lb2_has=
"""
OWN, OTHER, STRANGER = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:99"


# --- Ports ---

LISTENS = 'LISTEN 0 4096 *:6443 *:* users:(("{program}",pid=7,fd=3))'


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ("", ""),
        ("State Recv-Q Send-Q Local Address:Port", ""),
        (LISTENS.format(program="haproxy"), ""),
        (LISTENS.format(program="haproxy_exporter"), "haproxy_exporter"),
        (LISTENS.format(program="my-haproxy"), "my-haproxy"),
        (f"{LISTENS.format(program='haproxy')}\n{LISTENS.format(program='nginx')}", "nginx"),
        # Of another network namespace or user, no program is seen.
        ("LISTEN 0 128 *:6443 *:*", "*:6443"),
    ],
)
def test_port(shell: PartShell, rows: str, refused: str) -> None:
    shell.stand_in("ss", does=f"cat <<'ROWS'\n{rows}\nROWS")
    script = "check_port 6443\nsay free"
    if refused:
        error = shell.fails("vip", script)
        assert "another program listens on port 6443, so HAProxy cannot: LISTEN" in error
        assert refused in error
    else:
        assert shell.says("vip", script) == "free\n"
    assert shell.calls() == ["ss -ltnp sport = :6443"]


def test_port_where_nobody_can_be_asked(shell: PartShell) -> None:
    assert shell.says("vip", "check_port 6443\nsay free") == "free\n"
    shell.stand_in("ss", does="echo 'no netlink' >&2; exit 1")
    assert shell.says("vip", "check_port 6443\nsay free") == "free\n"


# --- MAC addresses ---


def with_neighbour(shell: PartShell, *entries: str) -> None:
    """`ip neigh show` prints these, one after the other; the last one again and again."""
    for number, entry in enumerate(entries):
        shell.write(f"neighbours/{number}", f"{entry}\n" if entry else "")
    folder = shell.root / "neighbours"
    shell.stand_in(
        "ip",
        does=f"""[ "$2" = show ] || exit 2
asked=$(cat {folder}/asked 2>/dev/null || echo 0)
[ ! -e {folder}/$((asked + 1)) ] || echo $((asked + 1)) >{folder}/asked
cat {folder}/$asked""",
    )
    shell.stand_in("ping", does="exit 1")


@pytest.mark.parametrize(
    ("entries", "mac", "asked"),
    [
        ((f"172.16.0.3 lladdr {OTHER} REACHABLE",), OTHER, 1),
        ((f"fd00:60::3 lladdr {OTHER} router STALE",), OTHER, 1),
        (("", "172.16.0.3 INCOMPLETE", f"172.16.0.3 lladdr {OTHER} DELAY"), OTHER, 3),
        (("172.16.0.3 INCOMPLETE", "172.16.0.3 FAILED"), "", 2),
        (("172.16.0.3 INCOMPLETE",), "", 16),
        (("",), "", 16),
    ],
)
def test_mac(shell: PartShell, entries: tuple[str, ...], mac: str, asked: int) -> None:
    with_neighbour(shell, *entries)
    assert shell.says("vip", "nic=eth0\nmac_of 172.16.0.3\nsay .").split() == [*mac.split(), "."]
    flush, ping, *shown = shell.calls()
    assert flush == "ip neigh flush to 172.16.0.3 dev eth0"  # what the kernel knew may be of long ago
    assert ping == "ping -c 1 -W 1 172.16.0.3"
    assert shown == ["ip neigh show to 172.16.0.3 dev eth0"] * asked


# --- The VIP ---


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("", ""),
        ("own='172.16.0.2 172.16.0.10'", "lb1"),
        # The own address wins, whoever else answers.
        (f"own=172.16.0.10 vip_has={STRANGER}", "lb1"),
        (f"vip_has={OTHER} lb2_has={OTHER}", "lb2"),
        (f"vip_has={STRANGER} lb2_has={OTHER}", STRANGER),
        # The other server does not answer at all.
        (f"vip_has={STRANGER}", STRANGER),
        # This machine does not ask for itself: its own MAC address for a VIP it does not have is a stranger's.
        (f"vip_has={OWN} lb1_has={OWN}", OWN),
    ],
)
def test_holder(shell: PartShell, facts: str, expected: str) -> None:
    assert shell.says("vip", f"{NETWORK}\n{facts}\nholder\nsay .").split() == [*expected.split(), "."]


def test_names_of_lb_servers_are_compared_as_a_whole(shell: PartShell) -> None:
    script = "".join(
        f"if is_lb_host '{name}'; then say '{name}'; fi\n" for name in ("lb1", "lb", "lb.", "172.16.0.2", "")
    )
    assert shell.says("vip", script) == "lb1\n"


def test_own_vip_of_a_keepalived_at_work(shell: PartShell) -> None:
    shell.stand_in("ping", "systemctl")
    assert shell.says("vip", f"{NETWORK}\nown=172.16.0.10\ncheck_vip\nsay $holder_before") == "lb1\n"
    assert shell.calls() == ["systemctl is-active --quiet keepalived"]


def test_vip_of_another_lb_server_does_not_need_keepalived_here(shell: PartShell) -> None:
    shell.stand_in("ping")
    shell.stand_in("systemctl", does="exit 3")
    script = f"{NETWORK}\nvip_has={OTHER} lb2_has={OTHER}\ncheck_vip\nsay $holder_before"
    assert shell.says("vip", script) == "lb2\n"


def test_a_stranger_may_be_an_lb_server_of_an_earlier_plan(shell: PartShell) -> None:
    shell.stand_in("ping")
    error = shell.fails("vip", f"{NETWORK}\nvip_has={STRANGER} lb2_has={OTHER}\ncheck_vip")
    assert f"another machine already has the VIP 172.16.0.10 (MAC address {STRANGER})" in error
    assert "of an earlier plan, run there: systemctl disable --now keepalived" in error


def test_nothing_to_ask_with(shell: PartShell) -> None:
    ran = shell.run("vip", f'{NETWORK}\nvip_has={STRANGER}\ncheck_vip\nsay "[$holder_before]"')
    assert ran == (0, "[]\n", "warning: cannot check who has the VIP 172.16.0.10: neither bash nor ping is installed\n")


def test_bash_asks_before_ping(shell: PartShell) -> None:
    shell.stand_in("bash", "ping", does="exit 1")
    assert shell.says("vip", "send_to fd00:60::3\nsay ok") == "ok\n"
    assert shell.calls() == ['bash -c echo >"/dev/udp/$1/9" bash fd00:60::3']
