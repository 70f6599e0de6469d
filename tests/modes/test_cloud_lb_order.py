"""The order for a cloud's load balancer: complete, well formed, both files alike, without what breaks a cluster."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from kkplan.cluster.backend import Backend
from kkplan.locale import paragraphs
from kkplan.modes.cloud_lb import order as order_module
from kkplan.modes.cloud_lb.order import DNS_NAME_SECTION, TEMPLATE, OrderSettings, order
from kkplan.shown import shown
from tests.conftest import INSTALLATION

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "schemas" / "listener.schema.json").read_text(encoding="utf-8")
)


def ipv4_backends(count: int) -> tuple[Backend, ...]:
    return tuple(Backend(f"master{number}", f"10.0.0.{10 + number}") for number in range(1, count + 1))


def settings(
    address: str = "10.0.0.100",
    dns_name: str = "",
    port: int = 6443,
    backends: tuple[Backend, ...] = ipv4_backends(3),
    domain: str = "lb.kubesphere.local",
) -> OrderSettings:
    return OrderSettings(address, dns_name, port, backends, domain, INSTALLATION)


IPV6 = settings("fd00::100", backends=tuple(Backend(f"cp{number}", f"fd00::1{number}") for number in (1, 2, 3)))
DNS_ONLY = settings("", "internal-k8s-1234.elb.example.com")
CASES = {
    "ipv4": settings(),
    "ipv6": IPV6,
    "dns name only": DNS_ONLY,
    "both": settings(dns_name="k8s.example.com"),
    "port 443": settings(port=443, domain="api.example.com"),
    "dual-stack text": settings(backends=(Backend("a|b", "10.0.0.1"),)),
    **{f"{count} control planes": settings(backends=ipv4_backends(count)) for count in range(1, 8)},
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def readme(case: OrderSettings) -> str:
    return order(case)[0].content


def listener(case: OrderSettings) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(order(case)[1].content)
    return data


def section(markdown: str, heading: str) -> str:
    return markdown.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def tables(markdown: str) -> list[list[str]]:
    return [block.split("\n") for block in paragraphs(markdown) if block.startswith("|")]


def cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row)) - 1


@every_case
def test_two_readable_files(case: OrderSettings) -> None:
    artifacts = order(case)
    assert [artifact.path for artifact in artifacts] == ["README.md", "listener.json"]
    for artifact in artifacts:
        assert artifact.mode == 0o644
        assert artifact.content.endswith("\n")
        assert not artifact.content.endswith("\n\n")
        assert "\r" not in artifact.content


@every_case
def test_listener_matches_schema(case: OrderSettings) -> None:
    Draft7Validator(SCHEMA, format_checker=FormatChecker(["ipv4", "ipv6"])).validate(listener(case))


@every_case
def test_no_placeholder_left(case: OrderSettings) -> None:
    text = readme(case).replace('"$(mktemp -d)"', "")
    assert "$" not in text
    assert "None" not in text


@every_case
def test_every_backend_is_in_both_files(case: OrderSettings) -> None:
    rows = tables(section(readme(case), "Backends"))[0][2:]
    assert len(rows) == len(case.backends)
    for row, backend in zip(rows, case.backends, strict=True):
        assert row.endswith(f"| `{backend.address}` | 6443 |")
        assert shown(backend.name) in row
    assert listener(case)["backends"] == [
        {"name": shown(backend.name), "address": backend.address, "port": 6443} for backend in case.backends
    ]


@every_case
def test_tables_are_well_formed(case: OrderSettings) -> None:
    found = tables(readme(case))
    assert len(found) == 6
    for table in found:
        assert re.fullmatch(r"\|(---\|)+", table[1])
        assert len(table) > 2
        assert {cells(row) for row in table} == {cells(table[1])}
        assert all(row.startswith("| ") and row.endswith(" |") for row in table if row != table[1])


@every_case
def test_code_blocks_are_closed(case: OrderSettings) -> None:
    fences = [line for line in readme(case).split("\n") if line.startswith("```")]
    assert fences == ["```sh", "```"] * 3


@every_case
def test_listener_port_is_the_settings_and_backend_port_never(case: OrderSettings) -> None:
    data = listener(case)
    assert data["listener"]["port"] == case.port
    assert data["healthCheck"]["port"] == 6443
    assert [rule["port"] for rule in data["securityRules"]] == [6443, case.port]
    text = readme(case)
    assert f"| Listener port | {case.port} |" in text
    assert "| Backend port | 6443 |" in text
    assert "| every control plane | TCP 6443 |" in text
    assert f"| load balancer | TCP {case.port} |" in text


@every_case
def test_what_breaks_a_cluster_is_off(case: OrderSettings) -> None:
    data = listener(case)
    assert data["scheme"] == "internal"
    assert data["hairpinRequired"] is True
    assert data["listener"]["tlsTermination"] is False
    for key in ("proxyProtocol", "preserveClientIp", "sessionStickiness"):
        assert data[key] is False
    text = section(readme(case), "Listener")
    for setting in ("PROXY protocol", "Client IP preservation", "Session stickiness"):
        assert f"| {setting} | off |" in text
    assert "| Scheme | internal |" in text


@every_case
def test_both_files_give_the_same_numbers(case: OrderSettings) -> None:
    data, text = listener(case), readme(case)
    check = data["healthCheck"]
    assert f"| Interval | {check['intervalSeconds']} seconds |" in text
    assert f"| Timeout | {check['timeoutSeconds']} seconds |" in text
    assert f"| Healthy after | {check['healthyThreshold']} successes |" in text
    assert f"| Unhealthy after | {check['unhealthyThreshold']} failures |" in text
    assert f"at least {data['idleTimeoutSeconds']} seconds" in text
    assert f"at least {data['instances']['minimum']} instances" in text
    assert f"in {data['instances']['zones']} different zones" in text
    assert check["timeoutSeconds"] < check["intervalSeconds"]
    assert data["idleTimeoutSeconds"] >= 15 * 60


def test_key_order_is_stable() -> None:
    assert list(listener(settings())) == SCHEMA["required"]
    assert order(settings()) == order(settings())


@pytest.mark.parametrize(
    ("case", "nc", "url"),
    [
        (settings(), "nc -vz -w 5 10.0.0.100 6443\n", "http://10.0.0.100:6443/\n"),
        (settings(port=443), "nc -vz -w 5 10.0.0.100 443\n", "http://10.0.0.100:443/\n"),
        (IPV6, "nc -vz -w 5 fd00::100 6443\n", "http://[fd00::100]:6443/\n"),
        (
            DNS_ONLY,
            "nc -vz -w 5 internal-k8s-1234.elb.example.com 6443\n",
            "http://internal-k8s-1234.elb.example.com:6443/\n",
        ),
        (settings(dns_name="k8s.example.com"), "nc -vz -w 5 10.0.0.100 6443\n", "http://10.0.0.100:6443/\n"),
    ],
)
def test_commands_before_the_installation(case: OrderSettings, nc: str, url: str) -> None:
    text = section(readme(case), "Test before the installation")
    assert nc in text
    assert url in text


def test_temporary_listener_is_bounded_and_empty() -> None:
    command = 'timeout 300 python3 -m http.server 6443{} --directory "$(mktemp -d)"\n'
    assert command.format("") in readme(settings(port=443))
    assert command.format(" --bind ::") in readme(IPV6)
    assert command.format(" --bind ::") in readme(settings("", "k8s.example.com", backends=IPV6.backends))


def test_commands_after_the_installation() -> None:
    text = section(readme(CASES["port 443"]), "Test after the installation")
    assert "getent hosts api.example.com\n" in text
    assert "https://api.example.com:443/readyz\n" in text


def test_dns_name_only_warns_of_the_hosts_line() -> None:
    text = readme(DNS_ONLY)
    assert "`10.0.0.11 lb.kubesphere.local`" in text
    assert "even with `externalDNS: true`" in text
    assert "every node resolves `internal-k8s-1234.elb.example.com` by DNS" in text
    assert "| IP address | — |" in text
    assert listener(DNS_ONLY)["endpoint"] == {
        "domain": "lb.kubesphere.local",
        "address": "",
        "dnsName": "internal-k8s-1234.elb.example.com",
    }


@pytest.mark.parametrize("case", [settings(), settings(dns_name="k8s.example.com"), IPV6])
def test_an_ip_address_needs_no_word_of_it(case: OrderSettings) -> None:
    text = readme(case)
    assert DNS_NAME_SECTION not in text
    assert "externalDNS" not in text
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[-3:] == ["Security groups", "Test before the installation", "Test after the installation"]


@pytest.mark.parametrize(
    "cloud",
    ["AWS", "Azure internal", "Google Cloud internal passthrough", "Tencent Cloud CLB", "Alibaba Cloud CLB", "Huawei"],
)
def test_known_hairpin_failures_name_a_way_out_and_a_source(cloud: str) -> None:
    table = tables(section(readme(settings()), "Hairpin"))[0]
    (row,) = (line for line in table if line.startswith(f"| {cloud}"))
    _, happens, remedy, source = (cell.strip() for cell in row.strip("|").split("|"))
    assert happens
    assert remedy
    assert re.search(r"\]\(https://[^ )]+\)", source)


@every_case
def test_what_must_not_be_in_it(case: OrderSettings) -> None:
    text = "".join(artifact.content for artifact in order(case))
    for forbidden in ("password", "privateKey", "BEGIN ", "127.0.0.1", "kk-plan", "TODO", "http://docs"):
        assert forbidden not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)


def test_listener_is_english_whatever_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    english = order(settings())
    monkeypatch.setattr(order_module, "translate_paragraphs", lambda markdown: "译文 $domain\n")
    translated = order(settings())
    assert translated[0].content == "译文 lb.kubesphere.local\n"
    assert translated[1] == english[1]


def test_template_uses_every_value() -> None:
    template = Template(TEMPLATE.read_text(encoding="utf-8"))
    names = {match["named"] or match["braced"] for match in template.pattern.finditer(template.template)} - {None}
    assert names == set(order_module._values(settings()))


def test_paragraphs_are_short_enough_to_translate() -> None:
    for block in paragraphs(TEMPLATE.read_text(encoding="utf-8")):
        if not block.startswith(("|", "```")):
            assert len(block) <= 340, block
            assert "\n" not in block, block


def schema_objects(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from schema_objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from schema_objects(value)


def test_schema_is_strict_and_says_what_for() -> None:
    Draft7Validator.check_schema(SCHEMA)
    for schema in schema_objects(SCHEMA):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) == set(schema["properties"])
        properties = schema.get("properties")
        for name, value in properties.items() if isinstance(properties, dict) else ():
            assert value.get("description"), name


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("proxyProtocol",), True),
        (("listener", "protocol"), "HTTPS"),
        (("listener", "port"), 0),
        (("backends",), []),
        (("backends", 0, "port"), 0),
        (("backends", 0, "address"), "[fd00::1]"),
        (("endpoint", "address"), ""),
        (("endpoint", "address"), "lb.example.com"),
        (("idleTimeoutSeconds",), 60),
        (("instances", "minimum"), 1),
        (("schemaVersion",), 2),
        (("unknown",), 1),
    ],
)
def test_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    data = listener(settings())
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not Draft7Validator(SCHEMA, format_checker=FormatChecker(["ipv4", "ipv6"])).is_valid(data)
