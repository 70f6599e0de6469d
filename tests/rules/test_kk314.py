"""KK314: a host name that Kubernetes rejects."""

from __future__ import annotations

import pytest

from tests.rules.conftest import MASTERS, NODES, config_text, found, host, line_with


@pytest.mark.parametrize("name", ["Node3", "node_3", "节点3", "-node3", "node3.", "n" * 64, '"node 3"'])
def test_a_name_that_is_no_node_s(name: str) -> None:
    """Upper case, underscores, other alphabets."""
    text = config_text(hosts=(*MASTERS, *NODES, host(name, "172.16.0.9")))
    (finding,) = found("KK314", text)
    assert finding.line == line_with(text, "172.16.0.9")


def test_a_host_without_a_name() -> None:
    """Nothing can be said of it but where it is."""
    (finding,) = found("KK314", config_text(hosts=(*MASTERS, *NODES, "- {address: 172.16.0.9}")))
    assert finding.message.english == "a host without a name"


@pytest.mark.parametrize("name", ["node-3", "3", '"10"', "node3.example.com"])
def test_silent_for_names_of_nodes(name: str) -> None:
    """A number has to be in quotes, which is KK301's."""
    assert found("KK314", config_text(hosts=(*MASTERS, *NODES, host(name, "172.16.0.9")))) == []
