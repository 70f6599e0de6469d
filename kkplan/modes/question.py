"""Questions of a mode: declared once, for options, the wizard and answers files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_interface
from typing import NamedTuple

from kkplan.cluster.cluster import Cluster, is_ip
from kkplan.cluster.endpoint import Endpoint
from kkplan.cluster.names import is_dns_name, is_endpoint_domain
from kkplan.locale import T, Text, Verbatim, named

Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]


def answer_text(answers: Answers, name: str) -> str:
    """The answer to a question that takes one, "" if there is none."""
    value = answers.get(name, "")
    return value if isinstance(value, str) else ""


def answer_list(answers: Answers, name: str) -> tuple[str, ...]:
    """The answers to a question that takes several."""
    value = answers.get(name, ())
    return value if isinstance(value, tuple) else (value,)


def always(answers: Answers) -> bool:
    """A question's `required` if there must be an answer, whatever the others are."""
    return True


def flag_of(name: str) -> str:
    """The option for the answer of that name."""
    return "--" + name.replace("_", "-")


class Field(NamedTuple):
    """One part of an answer that the wizard asks for in parts.

    Attributes:
        problem: what is wrong with a text; None if nothing is.
        default: proposes a text, from the parts of the answers given before.
    """

    name: str
    prompt: Text
    problem: Callable[[str], Text | None]
    default: Callable[[list[dict[str, str]]], str] = lambda earlier: ""


class Question(NamedTuple):
    """One thing to know.

    Attributes:
        name: the answer's key; the flag is `--` and the name with dashes.
        metavar: what the value looks like, for the help.
        prompt: how the wizard asks.
        help: a line for `--help`.
        problem: what is wrong with a text by itself; None if nothing is.
        required: whether there has to be an answer, given the others.
        asked: whether the wizard asks, given the answers before.
        in_wizard: whether the wizard asks at all; if not, the answer comes from the option or an answers file.
        skippable: in the wizard, an empty answer leads to the alternative question.
        instead: the name of a question that may be answered instead of this one.
        default: what the wizard proposes, by the cluster and its endpoint of today.
        hint: what the wizard adds to the prompt, from the cluster.
        example: an answer that would fit the cluster, by its endpoint of today; "" if none can be told.
        integer: the answer is a number.
        judged_by: the rules whose errors the wizard shows at once.
        fields: the parts of one answer, for a question that takes several answers.
        compose: makes the answer of its parts.
        at_least, at_most: how many answers a question with fields needs, and takes.
    """

    name: str
    metavar: str
    prompt: Text
    help: Text
    problem: Callable[[str], Text | None]
    required: Callable[[Answers], bool] = lambda answers: False
    asked: Callable[[Answers], bool] = lambda answers: True
    in_wizard: bool = True
    skippable: bool = False
    instead: str = ""
    default: Callable[[Cluster, Endpoint, Answers], str] = lambda cluster, today, answers: ""
    hint: Callable[[Cluster], Text | None] = lambda cluster: None
    example: Callable[[Cluster, Endpoint], str] = lambda cluster, today: ""
    integer: bool = False
    judged_by: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    compose: Callable[[dict[str, str]], str] = lambda parts: ""
    at_least: int = 1
    at_most: int = 16

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return flag_of(self.name)

    @property
    def repeated(self) -> bool:
        """Whether it takes several answers."""
        return bool(self.fields)

    def count_problem(self, answer: Answer) -> Text | None:
        """What is wrong with the number of answers, whatever each of them says; None if nothing is."""
        if isinstance(answer, tuple) and not self.repeated:
            return T("takes one value")
        if isinstance(answer, tuple) and len(answer) > self.at_most:
            return T("{count} values given; at most {limit} allowed", count=len(answer), limit=self.at_most)
        return None


# IFNAMSIZ is 16 with the final NUL; the kernel allows more characters, but they have a meaning in the configs.
# A name with a leading hyphen would be an option of ip(8) and other programs.
_NIC = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}\Z")
_SERVER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")
_USER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}\Z")
# What else is in the output folder, and Ansible's names of groups; some file systems ignore case.
_TAKEN_NAMES = ("ansible", "readme.md", "install.sh", "sha256sums", "all", "ungrouped", "kkplan_lb", "kkplan_turns")


def quoted(text: str) -> Verbatim | str:
    """A typed answer in a message: unchanged, but masked if it may hold a login (`https://user:…@host`)."""
    return text if "@" in text else named(text or '""')


def ip_problem(text: str) -> Text | None:
    """An IP address, without prefix."""
    address, slash, prefix = text.partition("/")
    if slash and prefix.isdigit() and is_ip(address):
        return T("{value} has a prefix. Write it without /{prefix}", value=quoted(text), prefix=prefix)
    if not is_ip(text) or "%" in text:
        return T("{value} is not an IP address", value=quoted(text))
    return special_address_problem(text)


def special_address_problem(text: str) -> Text | None:
    """An address that a machine in a network can have."""
    address = ip_address(text)
    if address.is_unspecified or address.is_multicast or address.is_loopback or address.is_link_local:
        return T(
            "{value} cannot be the address of a machine (loopback, link-local, multicast or unspecified)",
            value=quoted(text),
        )
    return None


def vip_problem(text: str) -> Text | None:
    """An IP address, with or without the prefix of its network."""
    try:
        interface = ip_interface(text)
    except ValueError:
        return T("{value} is not an IP address. Use IP or IP/PREFIX", value=quoted(text))
    if "%" in text or ("/" in text and not text.rsplit("/", 1)[1].isdigit()):
        return T("{value} is not an IP address. Use IP or IP/PREFIX", value=quoted(text))
    network = interface.network
    usable = network.max_prefixlen - network.prefixlen >= 2
    if usable and interface.ip in (network.network_address, network.broadcast_address):
        return T("{value} is the network or broadcast address of {network}", value=interface.ip, network=network)
    return special_address_problem(str(interface.ip))


def port_problem(text: str) -> Text | None:
    """A TCP port."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535 and not text.startswith("0"):
        return None
    return T("invalid port {value}. A port is a number from 1 to 65535", value=quoted(text))


def router_id_problem(text: str) -> Text | None:
    """A VRRP virtual router id (RFC 5798, 5.2.3)."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 255 and not text.startswith("0"):
        return None
    return T("invalid virtual_router_id {value}. It is a number from 1 to 255", value=quoted(text))


def domain_problem(text: str) -> Text | None:
    """A DNS name in lower case (RFC 1123), as a certificate and /etc/hosts take it."""
    if is_ip(text):
        return T("{value} is an IP address, not a name", value=quoted(text))
    if not is_dns_name(text):
        return T("invalid DNS name {value}. Use lower-case letters, digits, - and .", value=quoted(text))
    if not is_endpoint_domain(text):
        return T("{value} cannot be the name of the endpoint", value=quoted(text))
    return None


def nic_problem(text: str) -> Text | None:
    """The name of a network interface in Linux."""
    if is_ip(text):
        return T("{value} is an IP address, not a NIC name such as eth0 (ip addr shows it)", value=quoted(text))
    if _NIC.match(text):
        return None
    return T("invalid NIC name {value}. It has at most 15 characters, e.g. eth0", value=quoted(text))


def user_problem(text: str) -> Text | None:
    """The name of a user in Linux (useradd(8)), with the dots and capitals of a directory service."""
    if is_user_name(text):
        return None
    return T("invalid user name {value}. Use letters, digits, -, _ and ., e.g. root or ubuntu", value=quoted(text))


def is_user_name(text: str) -> bool:
    """Whether it can name a user, as one word of a shell and no option."""
    return _USER_NAME.match(text) is not None


def server_name_problem(text: str) -> Text | None:
    """A name for an LB server, which also names its folder, and the server for Ansible."""
    if text.lower() in _TAKEN_NAMES:
        return T(
            "{value} is the name of a file in the output folder or of an Ansible group. Choose another name for the "
            "server",
            value=quoted(text),
        )
    if _SERVER_NAME.match(text):
        return None
    return T("invalid server name {value}. Use letters, digits, - and .", value=quoted(text))
