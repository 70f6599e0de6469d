"""KK326: spaces that look like one and are none."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, ROLES, config_text, found, found_in_plan, judged, line_with

NO_BREAK, IDEOGRAPHIC, THIN = "\u00a0", "\u3000", "\u2009"


@pytest.mark.parametrize(("space", "name"), [(NO_BREAK, "no-break"), (IDEOGRAPHIC, "ideographic"), (THIN, "U+2009")])
def test_in_a_key(space: str, name: str) -> None:
    """Of the block and of any other mapping; no other rule says that the key is unknown."""
    for text in (
        config_text(f"domain: lb.local\n{space}address: 172.16.0.100"),
        config_text(more=f"kubernetes:\n  version: v1.26.5\n  proxyMode{space}: ipvs\n"),
    ):
        (finding,) = found("KK326", text)
        assert name in finding.message.english
        assert finding.line == line_with(text, space)
        assert not {"KK113", "KK301"} & {one.id for one in judged(text, whole_file=True)}


@pytest.mark.parametrize("value", [f"{NO_BREAK}172.16.0.100", f'"172.16.0.100{IDEOGRAPHIC}"'])
def test_around_a_value(value: str) -> None:
    text = config_text(f"address: {value}\nport: 6443")
    assert [finding.line for finding in found("KK326", text)] == [line_with(text, "address: " + value)]
    assert found("KK135", text) == []


def test_silent_in_comments_and_within_texts() -> None:
    text = config_text(
        more=f"# a{NO_BREAK}note\nsystem:\n  timezone: Asia{NO_BREAK}Shanghai\n  preInstall:\n  - bash: |\n      a{NO_BREAK}\n"
    )
    assert found("KK326", text) == []


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('- {name: node3, address: "172.16.0.9 ", internalAddress: 172.16.0.9}', "address"),
        ('- {name: node3, address: 172.16.0.9, internalAddress: " 172.16.0.9"}', "internalAddress"),
    ],
)
def test_a_plain_space_around_an_address_of_a_host(line: str, key: str) -> None:
    """kk writes it into certificates and HAProxy's configuration as it is."""
    text = config_text(hosts=(*MASTERS, *NODES, line), roles={**ROLES, "worker": ("node[1:3]",)})
    (finding,) = found("KK326", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "name: node3"))
    assert finding.message.english.startswith(f"{key} starts or ends with a space")
    assert [one.id for one in found_in_plan("KK326", text, "internal-haproxy")] == ["KK326"]


@pytest.mark.parametrize(
    ("endpoint", "rule"), [('domain: "lb.local "', "KK125"), ('address: " 172.16.0.100"', "KK135")]
)
def test_a_plain_space_around_the_endpoint(endpoint: str, rule: str) -> None:
    """Named as such, in place of a name or an address that looks right."""
    text = config_text(endpoint + "\n")
    assert (len(found("KK326", text)), found(rule, text)) == (1, [])
