"""No secret of a config survives masking, wherever it stands."""

from __future__ import annotations

import pytest

from kkplan.document.parse import parse
from kkplan.render.mask import MASK, masked_lines

CANARY = "Kanarie77"


@pytest.mark.parametrize(
    "text",
    [
        f"password: {CANARY}\n",
        f"password: '{CANARY}'  # root\n",
        f'hosts:\n- {{name: a, password: "{CANARY}"}}\n',
        f"hosts:\n- {{name: a, password: x,{CANARY}}}\n",
        f"hosts:\n- {{name: a, password: x, {CANARY}: , user: b}}\n",
        f"privateKey: |\n  {CANARY}\n  more {CANARY}\nb: 1\n",
        f"password: x #{CANARY}\n",
        f"password: x # {CANARY}\n",
        f"# - {{name: a, password: {CANARY}, user: root}}\n",
        f"# 密码：{CANARY}\n",
        f"auths:\n  reg:\n    password: {CANARY}\n    auth: {CANARY}\n",
        f"mirror: https://user:{CANARY}@mirror.example/v2\n",
        f"bash: sshpass -p {CANARY} ssh root@x\n",
        f"bash: tool --password {CANARY}\n",
        f"bash: |\n  export MYSQL_PASSWORD={CANARY}\n",
        f"jwtSecret: {CANARY}\n",
        f"a: &p {CANARY}\npassword: *p\n",
        f"password: [{CANARY}, {{x: {CANARY}}}]\n",
        f"key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {CANARY}\n",
    ],
)
def test_the_secret_is_gone(text: str) -> None:
    shown = "".join(masked_lines(parse(text.encode(), "c.yaml")))
    assert CANARY not in shown
    assert MASK in shown
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    ["privateKeyPath: ~/.ssh/id_rsa\n", 'password: ""\n', "domain: lb.kubesphere.local # a: b\n", "port: 6443\n"],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert "".join(masked_lines(parse(text.encode(), "c.yaml"))) == text


def test_the_width_tells_nothing() -> None:
    short, long = (masked_lines(parse(f"password: {secret}\n".encode(), "c")) for secret in ("a", "a" * 99))
    assert short == long
