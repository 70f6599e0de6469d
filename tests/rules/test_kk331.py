"""KK331: a file with passwords that other users can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Kkplan
from tests.rules.conftest import config_text, found
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT

KEYS_ONLY = config_text().replace("password: Qcloud@1", "privateKeyPath: ~/.ssh/id_rsa")


@pytest.mark.parametrize("permissions", [0o644, 0o640, 0o604, 0o777])
def test_others_may_read_it(permissions: int) -> None:
    """The message has the permissions and nothing of the file."""
    (finding,) = found("KK331", config_text(), permissions=permissions)
    assert f"{permissions:04o}" in finding.message.english
    assert "Qcloud" not in finding.message.english
    assert finding.line == 0


def test_a_registry_s_password_and_a_key() -> None:
    """As deep as they are."""
    auths = 'registry: {auths: {"r.example.com": {username: a, password: b}}}\n'
    assert len(found("KK331", KEYS_ONLY + f"  {auths}", permissions=0o644)) == 1
    assert (
        len(found("KK331", KEYS_ONLY.replace("privateKeyPath: ~/.ssh/id_rsa", "privateKey: x", 1), permissions=0o644))
        == 1
    )


@pytest.mark.parametrize("permissions", [0o600, 0o400, 0o700, None])
def test_silent_for_a_file_of_one_s_own(permissions: int | None) -> None:
    """Standard input has no permissions."""
    assert found("KK331", config_text(), permissions=permissions) == []


def test_silent_without_a_secret() -> None:
    """The path of a key is none, nor is an empty password."""
    assert found("KK331", KEYS_ONLY, permissions=0o644) == []
    assert found("KK331", config_text().replace("Qcloud@1", '""'), permissions=0o644) == []
    assert found("KK331", config_text().replace("Qcloud@1", "~"), permissions=0o644) == []


HOSTS_WITH = {
    "password": "cp1: {connector: {host: 10.0.0.11, password: example}",
    "private_key_content": "cp1: {connector: {host: 10.0.0.11, private_key_content: example}",
}
REGISTRY = "  image_registry:\n    auth: {registry: r.example.com, password: example}\n"


@pytest.mark.parametrize("key", HOSTS_WITH)
@pytest.mark.parametrize(("named", "mode"), [("config.yaml", 0o644), ("inventory.yaml", 0o640)])
def test_the_inventory(key: str, named: str, mode: int, kkplan: Kkplan, tmp_path: Path) -> None:
    """Each file is judged by its own mode, whichever is named; the message is about the right one."""
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT)
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(INVENTORY_TEXT.replace("cp1: {connector: {host: 10.0.0.11}", HOSTS_WITH[key]))
    inventory.chmod(mode)
    (finding,) = json.loads(kkplan("check", named, "--format", "json").stdout)["files"][0]["findings"]
    assert (finding["id"], finding["file"]) == ("KK331", "inventory.yaml")
    assert f"{mode:04o}" in finding["message"]
    inventory.chmod(0o600)
    (tmp_path / "config.yaml").write_text(CONFIG_TEXT + REGISTRY)
    (finding,) = json.loads(kkplan("check", named, "--format", "json").stdout)["files"][0]["findings"]
    assert (finding["id"], finding["file"]) == ("KK331", "config.yaml")


def test_a_password_by_alias() -> None:
    """It is in the file all the same."""
    text = "x: &secret example\n" + config_text().replace("Qcloud@1", "*secret")
    assert len(found("KK331", text, permissions=0o644)) == 1
    assert found("KK331", text.replace("password", "privateKeyPath"), permissions=0o644) == []
