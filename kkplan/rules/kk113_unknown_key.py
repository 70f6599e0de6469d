"""KubeKey drops unknown keys without a word (encoding/json)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kkplan.cluster.config import Config
from kkplan.cluster.endpoint import ENDPOINT_KEYS
from kkplan.document.node import Mapping, Scalar
from kkplan.document.replace import replace_value
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.fix import Fix
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that KubeKey drops."""
    for key, place in subject.cluster.endpoint.unknown_keys:
        guess = get_close_matches(key, ENDPOINT_KEYS, 1)
        yield RULE.finding(
            T("KubeKey does not know the key {key} and drops it without a word", key=key),
            T("Did you mean {guess}?", guess=guess[0])
            if guess
            else T("Known keys: {keys}", keys=", ".join(ENDPOINT_KEYS)),
            at=place,
        )


def fix(config: Config, finding: Finding) -> Fix | None:
    """The known key that is nearest, unless it is there too."""
    block = config.node_at("controlPlaneEndpoint")
    if not isinstance(block, Mapping):
        return None
    for entry in block.entries:
        if config.document.place_of(entry.key) == finding.place and isinstance(entry.key, Scalar):
            guess = get_close_matches(entry.key.value, ENDPOINT_KEYS, 1)
            if guess and block.find(guess[0]) is None:
                return Fix(pieces=replace_value(config.document, entry.key, guess[0]))
    return None


RULE = Rule(
    "KK113",
    Severity.WARNING,
    T("an unknown key in controlPlaneEndpoint"),
    check,
    why=T(
        "kk drops keys that it does not know without a word. A misspelled address is then an empty one, and the endpoint the first control plane."
    ),
    source="cmd/kk/pkg/common/loader.go, Load (json.Unmarshal)",
    bad="""\
controlPlaneEndpoint:
  domian: k8s.example.com
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: k8s.example.com
  address: 172.16.0.100
""",
    fix=fix,
)
