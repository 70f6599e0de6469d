"""What the check says of the fixtures, which were written for the editor and not for the rules: each finding was looked at."""

from __future__ import annotations

import pytest

from kkplan.disk.config_file import read_config
from kkplan.errors import KkplanError
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from tests.conftest import PATTERNS, SAMPLES

# True of many of them: two control planes, one etcd member, every worker a control plane; test folders are readable by all.
COMMON = frozenset(("KK102", "KK108", "KK119", "KK127", "KK331"))
TRUE = {
    "KK101": {"other-roles"},
    "KK103": {"json-haproxy", "port-out-of-range"},
    "KK110": {"flow-haproxy-last", "key-order", "refused-duplicate-key-case"},
    "KK111": {"key-case"},
    "KK112": {
        "anchored-value", "anchors-on-hosts", "blanks-inside", "crlf", "flow-block", "header-comment", "json-haproxy", "key-case",
        "no-newline-at-end", "port-not-a-number", "port-str-tag", "port-string", "port-string-custom", "refused-value-list", "refused-value-map",
    },
    "KK115": {"external-dns-true"},
    "KK116": {"refused-duplicate-key", "refused-duplicate-key-case", "refused-duplicate-key-flow"},
    "KK120": {"commented-alternative"},
    "KK130": {"block-merge-commented-above", "kube-vip"},
    "KK135": {"value-multi-line-quoted"},
    "KK136": {"other-roles"},
    "KK137": {"flow-haproxy-last", "port-octal"},
    # A control plane that is a worker, and not the first of them.
    "KK141": {"commented-column-0", "flow-block", "flow-multi-line", "no-block-at-end", "port-not-a-number"},
    # Copied from old guides: kubernetes.imageRepo was KubeKey 1.0's.
    "KK301": {
        "blanks-inside", "block-missing-flow-roles", "commented-alternative", "commented-no-blank", "flow-haproxy-only",
        "key-order", "null-block-at-end", "port-string", "refused-block-anchored",
    },
    "KK304": {"port-octal"},
    "KK305": {"port-out-of-range"},
    "KK315": {"anchors-on-hosts"},
    # A host without an internal address, no group k8s_cluster, and both documents in one file.
    "KK402": {"kubekey4-only"},
    "KK406": {"kubekey4-only"},
    "KK414": {"kubekey4-only"},
}  # fmt: skip


def found(path: str) -> set[str]:
    try:
        return {finding.id for finding in check_file(read_config(path), Selection()).findings}
    except KkplanError:
        return set()


def test_the_fixtures_hold_no_false_alarm() -> None:
    seen: dict[str, set[str]] = {}
    for file in PATTERNS.rglob("*.yaml"):
        for rule in found(str(file)) - COMMON - {"KK001"}:
            seen.setdefault(rule, set()).add(file.parent.name)
    assert seen == TRUE


@pytest.mark.parametrize("file", sorted(SAMPLES.rglob("config-sample*.yaml")), ids=lambda file: file.parent.name)
def test_the_samples_are_right_but_for_what_they_show(file: object) -> None:
    """They have no endpoint yet: that is what kkplan is for."""
    assert found(str(file)) - {"KK331"} <= {"KK102"}


RIGHT = sorted((PATTERNS.parent / "right").glob("*.yaml"))


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_a_right_config_gives_no_finding(file: object) -> None:
    """Of every kind that KubeKey's documentation shows: written anew for this, each as an engineer would have it."""
    assert found(str(file)) - {"KK331"} == set()
