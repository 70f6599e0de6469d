"""What looks like a secret: a key's name, and a part of a line."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

MASK = "********"

_WORD = (
    r"(?:pass(?:w(?:or)?d|phrase|code|[_-]?key|(?![a-z]))|pwd|secret|token|credential|(?:private|api|access|ssh)[_-]?key|key[_-]?data"
    r"|bearer|mima|密码|口令|密钥|秘钥|凭证|令牌)"
)
_KEY = re.compile(rf"{_WORD}|\A(?:auths?|auth_pass|pw|psw)\Z", re.IGNORECASE)
_PATH_OF_KEY = re.compile(r"key.*path\Z", re.IGNORECASE)
# What parts a secret from its neighbours; or the text ends.
_SEPARATES = re.compile(r"[\s,;:\uff0c\uff1a\uff1b()\"'`/|=\[\]{}#]|\Z")
# Keys that are misspelled must not show what they hold: `paasword`, `passwrod`, `priavteKey`.
_NAMES = (
    "password", "passwd", "passphrase", "secret", "token", "credentials", "privatekey", "apikey", "accesskey", "secretkey"
)  # fmt: skip
_SIMILAR = 0.75
_LOOK_BACK = 160  # characters: a key, its quote and a part of the value

# Without any of these a line holds no secret that its look tells; most lines have none, and the patterns take time to make.
_SUSPECT = re.compile(rf"{_WORD}|://|:[^\s/@]{{1,200}}@|-[up]\b|--user|\bbasic|\bauth", re.IGNORECASE)
# All quantities are bounded: on a long line of such words an open one would take quadratic time.
_NAME_END = r"[\w.-]{0,40}"
_COMMENT = re.compile(r"(?:\A|[ \t}\]\"'])#")  # libyaml takes one right behind a bracket or a quote too
_KEY_IN_COMMENT = re.compile(r"(?P<name>[\w.-]{2,40})[\"']?\s{0,20}[:=\uff1a]")
_KEY_WITH_REST = re.compile(r"(?P<name>[\w.-]{2,40})(?P<gap>[\"']?\s{0,20}[:=\uff1a]\s{0,20})(?P<value>[^\r\n]+)")
_KEY_MATERIAL = re.compile(r"[A-Za-z0-9+/=_-]{32,}")


@lru_cache(maxsize=1024)
def is_secret(key: str) -> bool:
    """Whether what stands behind the key is to be hidden: a secret's name, or one that looks like it."""
    if _KEY.search(key):
        return not _PATH_OF_KEY.search(key)
    plain = re.sub(r"[^a-z]", "", key.lower())
    candidates = [
        name for name in _NAMES if abs(len(plain) - len(name)) <= 2 and shared_letters(plain, name) >= _SIMILAR
    ]
    if not candidates:
        return False
    from difflib import SequenceMatcher  # costs time that most runs do not need

    return any(SequenceMatcher(None, plain, name).ratio() >= _SIMILAR for name in candidates)


def shared_letters(one: str, other: str) -> float:
    """The most that SequenceMatcher's ratio can be: the share of letters that both have, wherever they stand."""
    return 2 * sum(min(one.count(letter), other.count(letter)) for letter in set(one)) / (len(one) + len(other))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """A secret by its name or by what stands before it: each has the groups name, gap and value."""
    # (?=(?P<value>…))(?P=value) is a match that is not tried again with less: each start takes bounded time.
    return (
        re.compile(
            rf"(?P<name>(?:{_WORD}{_NAME_END}|\bauths?))(?P<gap>[\"']?\s{{0,20}}[:=\uff1a]\s{{0,20}})"
            r"(?P<value>\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,}\]]+[^\n,}\]]*)",
            re.IGNORECASE,
        ),
        re.compile(rf"(?P<name>--?{_WORD}[\w-]{{0,40}})(?P<gap>[ \t]+)(?P<value>\S+)", re.IGNORECASE),
        re.compile(r"(?P<name>://[^\s/:@]{0,200})(?P<gap>:)(?P<value>[^\s]{1,200})(?=@)"),
        re.compile(
            r"(?P<name>(?<![\w/.@-])[\w.%+-]{1,60})(?P<gap>:)(?=(?P<value>[^\s/@]{1,200}))(?P=value)(?=@[\w.-])"
        ),
        re.compile(r"(?P<name>\b(?:sshpass|docker login\b[^\n]{0,80}?)[ \t]+-p)(?P<gap>[ \t]*)(?P<value>\S+)"),
        re.compile(r"(?P<name>(?:[ \t]-u|--user)[ \t=]+[^\s:]{1,200})(?P<gap>:)(?P<value>\S+)"),
        re.compile(r"(?P<name>\b(?:bearer|basic))(?P<gap>[ \t]+)(?P<value>[\w+/=.~-]{6,})", re.IGNORECASE),
        # The words of keepalived.conf(5) and of HAProxy's userlist and stats.
        re.compile(r"(?P<name>\b(?:auth_pass|(?:insecure-)?password|stats auth))(?P<gap>[ \t]+)(?P<value>\S+)"),
    )


@cache
def _told() -> re.Pattern[str]:
    """In a comment nobody says how a secret is written down: all that follows such a word may be one."""
    return re.compile(rf"(?P<name>{_WORD}{_NAME_END})(?P<gap>[^\w\n]{{0,20}})(?P<value>[^\r\n]+)", re.IGNORECASE)


def masked_text(text: str) -> str:
    """Text such as a value in a message: what looks like a secret in it is masked."""
    for pattern in _patterns() if _SUSPECT.search(text) else ():
        text = pattern.sub(_hide_value, text)
    return text


def masked_data(data: Any) -> Any:
    """JSON values whose texts are masked like a message's values."""
    if isinstance(data, str):
        return masked_text(data)
    if isinstance(data, list):
        return [masked_data(item) for item in data]
    return {key: masked_data(value) for key, value in data.items()} if isinstance(data, dict) else data


def masked_line(line: str) -> tuple[str, int]:
    """A line of a file masked by its look alone, and where its comment starts; -1 where it has none.

    A comment behind something that was masked may be the rest of it, and goes as well.
    """
    line = _KEY_MATERIAL.sub(_hide_key_material, masked_text(line))
    comment = _COMMENT.search(line)
    if comment is None:
        return line, -1
    code, said = line[: comment.end()], line[comment.end() :]
    if MASK in code:
        kept = said[len(said.rstrip("\r\n")) :]
        return f"{code} {MASK}{kept}", -1
    if _SUSPECT.search(said):
        said = _told().sub(_hide_value, said)
    return code + _without_misspelled(said), comment.end()


def _without_misspelled(said: str) -> str:
    """A comment without what stands behind a secret's name that is misspelled, as in a key that is commented out."""
    for found in _KEY_IN_COMMENT.finditer(said):
        if is_secret(found["name"]):
            return said[: found.start()] + _KEY_WITH_REST.sub(_hide_value, said[found.start() :], 1)
    return said


def _hide_value(found: re.Match[str]) -> str:
    value = found["value"]
    trimmed = value.rstrip("\r")
    if trimmed.strip("\"' ") in ("", MASK) or _PATH_OF_KEY.search(found["name"]):
        return found.group()
    return found["name"] + found["gap"] + MASK + value[len(trimmed) :]


def _hide_key_material(found: re.Match[str]) -> str:
    """A long word in which small and capital letters and digits mix is base64 of something."""
    word = found.group()
    is_mixed = any(map(str.isdigit, word)) and word.lower() != word != word.upper()
    return MASK if is_mixed else word


@cache
def _before_value() -> re.Pattern[str]:
    """The end of a text behind which the value of a secret key stands, or goes on."""
    return re.compile(rf"{_WORD}{_NAME_END}[\"']?\s{{0,20}}[:=\uff1a]\s{{0,20}}\S{{0,60}}\Z", re.IGNORECASE)


def is_value_of_secret(text: str, word: str) -> bool:
    """Whether the word stands behind the key of a secret, on its line, somewhere in the text.

    A plain word or number has to be the whole of it or a word in it: `cloud` is no part of `Qcloud@2024` that anyone tells.
    """
    is_plain = word.isalpha() or word.isdigit()
    position = text.find(word)
    while position >= 0:
        end = position + len(word)
        stands_alone = _SEPARATES.match(text[position - 1 : position]) and _SEPARATES.match(text[end : end + 1])
        if (stands_alone or not is_plain) and _before_value().search(
            text[max(0, position - _LOOK_BACK) : position].rpartition("\n")[2]
        ):
            return True
        position = text.find(word, end)
    return False
