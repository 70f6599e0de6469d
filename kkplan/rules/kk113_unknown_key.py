"""KubeKey drops unknown keys without a word (encoding/json)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kkplan.cluster.endpoint import ENDPOINT_KEYS
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
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


RULE = Rule("KK113", Severity.WARNING, T("an unknown key in controlPlaneEndpoint"), check)
