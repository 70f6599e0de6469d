"""KK407: kk leaves /etc/hosts alone."""

from __future__ import annotations

import pytest

from tests.rules.kubekey4 import CONFIG_TEXT, findings, places


@pytest.mark.parametrize("files", ["[]", "", "[/etc/hosts.kubekey]"])
def test_without_the_hosts_file(files: str) -> None:
    assert places(findings(f"{CONFIG_TEXT}  native: {{localDNS: {files}}}\n")) == [("KK407", "config.yaml", 8)]


@pytest.mark.parametrize("native", ["{localDNS: [/etc/hosts, /etc/hosts.kubekey]}", "{set_hostname: false}"])
def test_near_misses(native: str) -> None:
    assert findings(f"{CONFIG_TEXT}  native: {native}\n") == []
