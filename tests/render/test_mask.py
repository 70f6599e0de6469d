"""No secret of a config survives masking, wherever it stands."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkplan.document.parse import parse
from kkplan.document.place import Place
from kkplan.render.mask import Masker, masked_file, masked_lines
from kkplan.secret import _NAMES, MASK, shared_letters

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
        f"paasword: {CANARY}\n",
        f"# pw: {CANARY}\n",
        f"a: 1  # user: root, passwrod: {CANARY}, more {CANARY}\n",
        f"a: u:{CANARY}:x@h\n",
        f"a: u:x,{CANARY}@h\n",
        f"password: {CANARY}!\n" + "# c: d\n" * 45 + f"# it is {CANARY}!.\n",
        f"passwrod: {CANARY}\n",
        f"# root password is {CANARY}\n",
        f"# 密码是 {CANARY}\n",
        f"a: 1  # login root / secret {CANARY}!\n",
        f"# curl -u admin:{CANARY} http://x\n",
        f'# "auth": "{CANARY}"\n',
        f"# Authorization: Bearer {CANARY}abc\n",
        f"# docker login harbor.local -u admin -p {CANARY}\n",
        f"# MIIEowIBAAKCAQEA{CANARY}MIIEowIBAAKCAQEA\n",
        f"password: {CANARY}\n# {CANARY} as on the old machines\n",
        f"password: {CANARY}\n# root / {CANARY}.\n",
        f"password: {CANARY}-Suffix\n# {CANARY}\n",
        f'{{password: "abc {CANARY}"}}# x {CANARY}\n',
        f"client-key-data: {CANARY}\n",
        f"registry: redis://:{CANARY}@10.0.0.1\n",
        f"hosts:\n- {{name: a, password: x,\n    {CANARY}\n    {CANARY}, user: b}}\n",
        f"hosts:\n- {{name: m, password:{CANARY}}}\n",
        f"hosts:\n- {{name: m, password={CANARY}}}\n",
        f"hosts:\n- {{name: m, passwd {CANARY}}}\n",
        f"hosts:\n- {{name: m, 密码：{CANARY}}}\n",
        f"hosts:\n- {{name: m, pasword: Ab,{CANARY}}}\n",
        f"hosts:\n- {{name: m, password: Ab,[{CANARY}]}}\n",
        f"hosts:\n- {{name: m, password: Ab,{{{CANARY}}}}}\n",
        f"hosts:\n- {{name: m, password: Ab,cd: {CANARY}}}\n",
        f"hosts:\n- {{name: m, password: Ab,{CANARY}: 1}}\n",
        f'hosts:\n- {{name: m, password: "abc"}}  # was {CANARY}\n',
        f"hosts:\n- {{name: m, pasword: abc}} # {CANARY}\n",
        f"password: '{CANARY}'\n# root/{CANARY}\n",
        f"password: 'Ab,{CANARY}'\n# Ab,{CANARY}\n",
        f"a: http://root:P@{CANARY}@10.0.0.1\n",
        f"password: {{{CANARY}: 1}}\n",
        f"password:\n  {CANARY}: a\n",
        f"bogus: &p [{CANARY}]\npassword: *p\n",
        f"pasword: &{CANARY}\n",
        f"pasword: #{CANARY}\n",
        f"password: !{CANARY}\n",
        f"[a, {{pasword: {CANARY}}}]: 1\n",
        f"psw: {CANARY}\n",
        f"mima: {CANARY}\n",
        f"acessKey: {CANARY}\n",
        f"any: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVk{CANARY}LS0tLS0=\n",
        f"passwordPath: {CANARY}\n",
        f"env:\n- {{name: PASSWORD, value: {CANARY}}}\n",
        f'user: ["u:{CANARY}@hub"]\n',
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
    [
        "address: 1\n# passage of the address\n",
        "# node1 is on 172.16.0.4\nname: node1\n",
        "privateKeyPath: ~/.ssh/id_rsa\n",
        'password: ""\n',
        "domain: lb.kubesphere.local # a: b\n",
        "port: 6443\n",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert "".join(masked_lines(parse(text.encode(), "c.yaml"))) == text


def test_a_plain_word_is_no_secret_because_a_secret_holds_it() -> None:
    text = "password: Qcloud@2024-shop\naddress: 1  # of 2024, until the cloud LB is there\n"
    assert masked_lines(parse(text.encode(), "c.yaml"))[1] == "address: 1  # of 2024, until the cloud LB is there\n"


def test_the_secrets_of_programs_configurations_are_gone() -> None:
    text = f"auth_pass {CANARY}\nuser admin password {CANARY}\nstats auth admin:{CANARY}\n"
    assert CANARY not in "".join(masked_file(text))


def test_a_secret_that_reaches_beyond_the_shown_lines_is_cut_and_not_forgotten() -> None:
    document = parse(f"privateKey: |\n  {CANARY}\n  {CANARY}\nport: 22\n".encode(), "c.yaml")
    for line in range(1, 4):
        shown, _ = Masker(document).line_at(Place(line, 1, 9))
        assert CANARY not in shown


@pytest.mark.parametrize(
    ("line", "part", "marked"),
    [
        ("{user: root, password: 123456, port: 22}", "123456", MASK),
        ("{user: root, password: abc,defg, port: 22}", "defg", f"{MASK},{MASK}"),
        ("{user: root, pasword: x, port: 22}", "port", "port"),
    ],
)
def test_the_mask_is_the_place_of_what_it_hides(line: str, part: str, marked: str) -> None:
    """Not the whole line."""
    document = parse(f"{line}\n".encode(), "c.yaml")
    column = line.index(part) + 1
    shown, place = Masker(document).line_at(Place(1, column, column + len(part)))
    assert shown[place.column - 1 : place.end_column - 1] == marked


def test_a_long_line_of_secret_words_takes_no_time() -> None:
    """Quadratic patterns would take minutes here."""
    text = "a: '" + "password" * 40_000 + "'\n# " + "secret." * 40_000 + "\n"
    assert len(masked_lines(parse(text.encode(), "c.yaml"))) == 2


def test_the_width_tells_nothing() -> None:
    short, long = (masked_lines(parse(f"password: {secret}\n".encode(), "c")) for secret in ("a", "a" * 99))
    assert short == long


@given(st.text("abcdeoprstwy", max_size=14), st.sampled_from(_NAMES))
def test_shared_letters_rule_out_what_cannot_be_near(key: str, name: str) -> None:
    assert shared_letters(key, name) >= SequenceMatcher(None, key, name).ratio()


@pytest.mark.parametrize("password", ["abcdefgh!", "12345678!", "abcd?", "密码在这里。"])
@pytest.mark.parametrize("comments", [0, 45])
def test_a_password_may_end_as_a_sentence_does(password: str, comments: int) -> None:
    text = (
        f'password: "{password}"\n'
        + "# c: d\n" * comments
        + f"# it is {password}\n# and {password}, really {password}.\n"
    )
    assert password not in "".join(masked_lines(parse(text.encode(), "c.yaml")))
