"""KK331: a file with passwords that other users can read."""

from __future__ import annotations

import pytest

from tests.rules.conftest import config_text, found

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
