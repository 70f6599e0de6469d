"""What a scalar means to go-yaml, and how a value is written so that it means the same to every parser.

The rules are those of YAML 1.1 as gopkg.in/yaml.v2 has them (its resolve.go), which sigs.k8s.io/yaml builds on.
"""

from __future__ import annotations

import re

from kkplan.document.node import Scalar

Value = str | int | float | bool | None

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
_FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
_INT = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0b[01]+|0o?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)
LONGEST_NUMBER = 300  # digits; what is longer is beyond Go's float64, and so text
_EXACT = 2**53  # every whole number below it is a float of its own
_RESOLVED_TAGS = frozenset(("int", "float", "bool", "null"))
_PLAIN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./-]*\Z")


def meaning(scalar: Scalar) -> Value:
    """The value as Go's parser resolves it: text, number, truth value or null."""
    if scalar.tag.rpartition(":")[2] in _RESOLVED_TAGS:
        return plain_meaning(scalar.value)
    if scalar.style or scalar.tag.endswith("str"):
        return scalar.value
    return plain_meaning(scalar.value)


def is_null(scalar: Scalar) -> bool:
    """Whether it means nothing; quicker than to find out what it means."""
    return scalar.value in NULLS and not scalar.style and not scalar.tag.endswith("str")


def plain_meaning(text: str) -> Value:
    """What the text means when it stands without quotes."""
    if text in NULLS:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0].isalpha() or len(text) > LONGEST_NUMBER:
        return text  # most values are
    digits = text.replace("_", "")
    if _INT.match(digits):
        return _integer(digits)
    if _FLOAT.match(digits):
        return _float(digits)
    return text


def _float(digits: str) -> int | float:
    """A whole one is an int: Go writes it into JSON without a point."""
    number = float(re.sub(r"\.(inf|nan)", r"\1", digits.lower()))
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _integer(digits: str) -> int:
    sign = -1 if digits.startswith("-") else 1
    bare = digits.lstrip("+-")
    if bare[:2] in ("0x", "0b", "0o"):
        return sign * int(bare, 0)
    # Go's strconv.ParseInt with base 0 reads a leading 0 as octal.
    return sign * int(bare, 8 if len(bare) > 1 and bare.startswith("0") else 10)


def written(value: str | int | bool, style: str = "") -> str:
    """The value as YAML text in the style ("", "'" or '"'); quoted where it would mean something else without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if style == "" and _PLAIN.match(value) and plain_meaning(value) == value:
        return value
    import json  # few values need it

    return json.dumps(value, ensure_ascii=False)
