"""KK332: a private registry with a scheme or a port."""

from __future__ import annotations

import pytest

from kkplan.plan.finding import Severity
from tests.rules.conftest import ROLES, config_text, found, found_in_plan, line_with


def registry(address: str) -> str:
    return f'registry:\n  privateRegistry: "{address}"\n'


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("https://harbor.example.com", "Write harbor.example.com"),
        ("HTTPS://harbor.example.com:8443/", "Write harbor.example.com:8443"),
        ("http://10.0.0.9/", "Write 10.0.0.9, and set plainHTTP: true for it in registry.auths"),
        ("harbor.example.com/", "Write harbor.example.com"),
    ],
)
def test_urls(address: str, advice: str) -> None:
    text = config_text(more=registry(address))
    (finding,) = found("KK332", text)
    assert (finding.severity, finding.line) == (Severity.ERROR, line_with(text, "privateRegistry:"))
    assert finding.advice.english == advice
    assert len(found_in_plan("KK332", text, "internal-haproxy")) == 1


@pytest.mark.parametrize(
    "address", ["dockerhub.kubekey.local:8080", "dockerhub.kubekey.local:443", "172.16.0.8:5000/x"]
)
def test_a_port_where_kk_installs_the_registry(address: str) -> None:
    """The name in /etc/hosts has it too."""
    roles = {**ROLES, "registry": ("node2",)}
    (finding,) = found("KK332", config_text(roles=roles, more=registry(address)))
    assert "with its port into /etc/hosts" in finding.message.english
    assert found("KK332", config_text(more=registry(address))) == []


def test_the_advice_for_a_url_leads_to_no_other_error() -> None:
    (finding,) = found(
        "KK332", config_text(roles={**ROLES, "registry": ("node2",)}, more=registry("https://hub.example.com:8443/k8s"))
    )
    assert finding.advice.english == "Write hub.example.com/k8s"


@pytest.mark.parametrize("address", ["", "harbor.example.com", "harbor.example.com/project", "172.16.0.8"])
def test_silent_for_names(address: str) -> None:
    assert found("KK332", config_text(roles={**ROLES, "registry": ("node2",)}, more=registry(address))) == []
