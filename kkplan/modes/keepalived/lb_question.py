"""The question for the LB servers: NAME=IP[,nic=NIC], twice or more."""

from __future__ import annotations

from ipaddress import ip_address

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.load_balancer import LbHost
from kkplan.locale import T, Text
from kkplan.modes.question import Field, Question, always, ip_problem, nic_problem, quoted, server_name_problem

ASSUMED_NIC = "eth0"


def lb_host(text: str) -> LbHost:
    """The server that `NAME=IP[,nic=NIC]` names; the text has no problem."""
    name, address, options = _parts(text)
    return LbHost(name, str(ip_address(address)), options.get("nic", ASSUMED_NIC), "nic" not in options)


def _parts(text: str) -> tuple[str, str, dict[str, str]]:
    name, _, rest = text.partition("=")
    address, *options = rest.split(",")
    pairs = (option.partition("=") for option in options)
    return name.strip(), address.strip(), {key.strip(): value.strip() for key, _, value in pairs}


def _problem(text: str) -> Text | None:
    name, address, options = _parts(text)
    if "=" not in text:
        return T("{value} is not NAME=IP or NAME=IP,nic=NIC, e.g. lb1=172.16.0.2,nic=eth0", value=quoted(text))
    unknown = [key for key in options if key != "nic"]
    if unknown and not options[unknown[0]] and nic_problem(unknown[0]) is None:
        return T("unknown {option}; write nic={option}", option=quoted(unknown[0]))
    if unknown:
        return T("unknown {option}; only nic=NIC may follow the address", option=quoted(unknown[0]))
    return server_name_problem(name) or ip_problem(address) or nic_problem(options.get("nic", ASSUMED_NIC))


def _name_problem(text: str) -> Text | None:
    """A name as it is typed: an address could be one, but it is the answer to the next question."""
    if is_ip(text):
        return T("{value} looks like an address; a name such as lb1 is expected", value=quoted(text))
    return server_name_problem(text)


LB = Question(
    name="lb",
    metavar="NAME=IP[,nic=NIC]",
    prompt=T("LB server"),
    help=T("An LB server; needed at least twice [default NIC: eth0]"),
    problem=_problem,
    required=always,
    judged_by=("KK105", "KK106", "KK121", "KK122", "KK322"),
    fields=(
        Field("name", T("Name"), _name_problem, lambda earlier: f"lb{len(earlier) + 1}"),
        Field("address", T("IP address"), ip_problem),
        Field(
            "nic",
            T("Network interface (NIC) with that address"),
            nic_problem,
            lambda earlier: earlier[-1]["nic"] if earlier else ASSUMED_NIC,
        ),
    ),
    compose="{name}={address},nic={nic}".format_map,
    at_least=2,
)
