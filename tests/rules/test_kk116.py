"""KK116: a key that stands twice in one mapping, which kk's YAML reader refuses."""

from __future__ import annotations

from kkplan.plan.finding import Severity
from tests.rules.conftest import MASTERS, NODES, config_text, found, line_with


def test_a_key_of_a_host_twice() -> None:
    """The second one's line."""
    block = "- name: node3\n  address: 172.16.0.9\n  address: 172.16.0.10"
    text = config_text(hosts=(*MASTERS, *NODES, block))
    (finding,) = found("KK116", text)
    assert (finding.id, finding.severity) == ("KK116", Severity.ERROR)
    assert finding.line == line_with(text, "address: 172.16.0.10")
    assert "the key address stands twice" in finding.message.english


def test_a_comma_in_an_unquoted_password_shows_nothing_of_it() -> None:
    """`password: Secr,et,et` makes the key `et` twice: half a password, which is not to be shown."""
    text = config_text(hosts=(*MASTERS, *NODES, "- {name: node3, password: Secr,hunter2,hunter2}"))
    (finding,) = found("KK116", text)
    assert "the key … stands twice" in finding.message.english
    assert "hunter2" not in finding.message.english + finding.advice.english


def test_deep_below_spec_and_in_a_role_group() -> None:
    """Every mapping of the document is looked at."""
    text = config_text(more="kubernetes:\n  kubeletConfiguration:\n    maxPods: 110\n    maxPods: 120 # again\n")
    (finding,) = found("KK116", text)
    assert finding.line == line_with(text, "# again")


def test_silent_for_one_key_in_several_mappings() -> None:
    """And for keys that differ in case, which yaml.v3 tells apart."""
    assert found("KK116", config_text()) == []
    assert (
        found("KK116", config_text(hosts=(*MASTERS, *NODES, "- {name: node3, Name: node3, address: 172.16.0.9}"))) == []
    )


def test_silent_for_an_alias_and_a_merged_key() -> None:
    """A key beside `<<` overrides the merged one; an alias repeats a mapping, not a key."""
    hosts = ("- &first {name: master1, address: 172.16.0.4}", "- {<<: *first, name: master2, address: 172.16.0.5}")
    assert found("KK116", config_text(hosts=(*hosts, MASTERS[2], *NODES))) == []
