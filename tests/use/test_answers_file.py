"""A file of answers: what is wrong in it is told at its line, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from kkplan.cli.options import collect
from kkplan.errors import KkplanError

PAIR = 'mode: keepalived\naddress: 172.16.0.10\nlb: ["a=172.16.0.2", "b=172.16.0.3"]\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 0, "no answers in this file"),
        ("- mode\n", 0, "no answers in this file"),
        ("# nothing yet\n", 0, "no answers"),
        ("mode: foo\n", 1, "unknown HA mode foo. Choose one of: internal-haproxy"),
        ("mode:\n", 1, 'unknown HA mode ""'),
        ("mode: cloud-lb\nmode: keepalived\n", 2, "duplicate key mode"),
        ("mode: cloud-lb\nadress: 10.0.0.1\n", 2, "unknown answer adress"),
        ("mode: cloud-lb\naddress: 12\n", 2, "address must be a string"),
        ("mode: cloud-lb\naddress: 10.0.0.300\n", 2, "address: 10.0.0.300 is not an IP address"),
        ("mode: cloud-lb\nport: 1.5\n", 2, "port must be an integer"),
        ("mode: cloud-lb\naddress: 10.0.0.1\nport: 70000\n", 3, "port: invalid port 70000"),
        ("mode: cloud-lb\nvirtual_router_id: 7\n", 2, "virtual_router_id cannot be used with mode cloud-lb"),
        ("mode: keepalived\nlb: a=172.16.0.2\n", 2, "lb must be a list of NAME=IP[,nic=NIC]"),
        ("mode: keepalived\nlb: []\n", 2, "lb must be a list of"),
        ('mode: keepalived\nlb: ["a=172.16.0.2", "b"]\n', 2, "lb: b is not NAME=IP"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KkplanError) as caught:
        collect(None, str(file), {})
    assert (caught.value.file, caught.value.line) == (str(file), line)
    assert said in str(caught.value.message)


def test_an_option_wins_over_a_wrong_answer(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(PAIR.replace("172.16.0.10", "172.16.0.300"), encoding="utf-8")
    mode, answers = collect(None, str(file), {"address": "172.16.0.11"})
    assert mode is not None
    assert (mode.name, answers["address"], answers["lb"]) == (
        "keepalived",
        "172.16.0.11",
        ("a=172.16.0.2", "b=172.16.0.3"),
    )
