"""KK116: a duplicate key, which kk's YAML reader rejects."""

from __future__ import annotations

import pytest

from kkplan.errors import KkplanError
from kkplan.modes.mode import mode_named
from kkplan.plan.finding import Severity
from kkplan.use.make_plan import Request, make_plan
from tests.rules.conftest import MASTERS, NODES, config_text, found, line_with, reading_of


def test_a_key_of_a_host_twice() -> None:
    """The second one's line."""
    block = "- name: node3\n  address: 172.16.0.9\n  address: 172.16.0.10"
    text = config_text(hosts=(*MASTERS, *NODES, block))
    (finding,) = found("KK116", text)
    assert (finding.id, finding.severity) == ("KK116", Severity.ERROR)
    assert finding.line == line_with(text, "address: 172.16.0.10")
    assert "duplicate key address in one mapping" in finding.message.english


def test_a_comma_in_an_unquoted_password_shows_nothing_of_it() -> None:
    """`password: Secr,et,et` makes the key `et` twice: half a password, which is not to be shown."""
    text = config_text(hosts=(*MASTERS, *NODES, "- {name: node3, password: Secr,hunter2,hunter2}"))
    (finding,) = found("KK116", text)
    assert "duplicate key … in one mapping" in finding.message.english
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


def test_a_merge_key_that_is_there_twice() -> None:
    """yaml.v3 refuses it as any other key."""
    more = "x-a: &a {maxPods: 110}\nkubernetes:\n  <<: *a\n  <<: *a # again\n"
    (finding,) = found("KK116", config_text(more=more))
    assert finding.line == line_with(config_text(more=more), "# again")


def test_in_another_document() -> None:
    """kk reads every document of the file."""
    text = config_text() + "---\na: 1\na: 2 # again\n"
    (finding,) = found("KK116", text)
    assert finding.line == line_with(text, "# again")


def test_two_spellings_of_one_key_of_the_endpoint() -> None:
    """The last in alphabetical order counts, unless it is null; a plan that has to change it is refused."""
    text = config_text("Address: 172.16.0.99 # dropped\naddress: 172.16.0.100")
    (finding,) = found("KK116", text)
    assert finding.line == line_with(text, "# dropped")
    assert reading_of(text).effective.address == "172.16.0.100"
    assert reading_of(text.replace("address: 172.16.0.100", "address: null")).effective.address == "172.16.0.99"
    with pytest.raises(KkplanError, match="duplicate key"):
        make_plan(reading_of(text), Request(mode_named("internal-haproxy"), {}))


def test_one_spelling_twice_is_reported_once() -> None:
    """As a duplicate, at which kk stops; not as two spellings, of which kk would use one."""
    (finding,) = found("KK116", config_text("address: 172.16.0.100\nport: 6443\nport: 8443 # again"))
    assert "duplicate key port" in finding.message.english
