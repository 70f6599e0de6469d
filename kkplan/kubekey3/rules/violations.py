"""Where a Cluster violates the schema of KubeKey's types, by rule. The violations are found once per config.

Some violations are left to more specific rules: keys of controlPlaneEndpoint to KK111 to KK113, the Kubernetes version
to KK303, names to KK117 and KK314, required keys to KK114, KK117 and KK118.
"""

import re

from kkplan.document.odd_space import odd_space
from kkplan.document.place import Place
from kkplan.kubekey3.config import Config
from kkplan.plan.finding import Findings
from kkplan.plan.rule import Rule
from kkplan.schema.violation import Kind, Violation

_COVERED_ELSEWHERE = (
    (Kind.UNKNOWN_KEY, re.compile(r"spec\.controlPlaneEndpoint\.[^.]+", re.IGNORECASE)),
    (Kind.WRONG_TYPE, re.compile(r"spec\.controlPlaneEndpoint\.(?!kubevip)[^.]+", re.IGNORECASE)),
    (Kind.UNKNOWN_VALUE, re.compile(r"spec\.controlPlaneEndpoint\.internalLoadbalancer", re.IGNORECASE)),
    (Kind.WRONG_FORM, re.compile(r"spec\.kubernetes\.version", re.IGNORECASE)),
    (Kind.WRONG_TYPE, re.compile(r"metadata\.name", re.IGNORECASE)),
)


def findings(config: Config, rule: Rule, *kinds: Kind) -> Findings:
    """The rule's findings: the violations of these kinds, without those that another rule reports."""
    for violation in config.violations:
        if violation.kind in kinds and not _is_covered_elsewhere(violation) and not _has_odd_space(config, violation):
            end_column = violation.column + max(1, violation.end - violation.start)
            place = Place(violation.line, violation.column, end_column, config.document.name)
            yield rule.finding(violation.message, violation.advice, at=place)


def _has_odd_space(config: Config, violation: Violation) -> bool:
    """Whether the key contains an odd space, which KK326 reports."""
    return violation.kind is Kind.UNKNOWN_KEY and bool(odd_space(config.document.text[violation.start : violation.end]))


def _is_covered_elsewhere(violation: Violation) -> bool:
    return any(kind is violation.kind and where.fullmatch(violation.dotted) for kind, where in _COVERED_ELSEWHERE)
