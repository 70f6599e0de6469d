"""A null that deletes a default of KubeKey's, where nothing else reports it."""

from collections.abc import Iterator
from typing import Any

from kkplan.kubekey4.defaults import DEFAULTS, TYPES
from kkplan.kubekey4.go_data import Data
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

# KK404, KK407, KK409 and KK410 report these.
_REPORTED = frozenset(
    (
        *((*BLOCK_PATH, key) for key in ("type", "host", "port")),
        (*BLOCK_PATH, "haproxy", "address"),
        ("kubernetes", "apiserver", "port"),
        ("native", "localDNS"),
    )
)
_KEY_OF_TYPE = {kind: kind.replace("-", "_") for kind in TYPES}


def check(subject: Subject) -> Findings:
    files = subject.config
    if not goes_through(files):
        return
    kind = subject.endpoint.type
    for path in _nulls(dict(DEFAULTS), files.written, ()):
        part = path[2] if path[:2] == BLOCK_PATH and len(path) > 2 else ""
        of_other_type = part in _KEY_OF_TYPE.values() and part != _KEY_OF_TYPE.get(kind)
        if path not in _REPORTED and not of_other_type:
            yield RULE.finding(
                T("{key} is null, which deletes kk's default for it", key=".".join(path)),
                T("Delete the line, or write a value"),
                at=files.place_at(*path),
            )


def _nulls(defaults: Data, given: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, default in defaults.items():
        if not isinstance(given, dict) or key not in given:
            continue
        here = (*path, key)
        if given[key] is None and default:
            yield here
        elif isinstance(default, dict):
            yield from _nulls(default, given[key], here)


RULE = Rule(
    "KK416",
    Severity.WARNING,
    T("a null that deletes a default"),
    check,
    why=T(
        "In kk 4 a key without a value is a null, and a null replaces the default below it, with all keys in it. Templates then write <no value>, or leave a setting out, and the component that reads it fails much later or runs with its own default. A key that is not in the file keeps its default."
    ),
    source="KubeKey v4.0.6, pkg/variable/helper.go, CombineVariables; run: tests/kubekey4",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      health_port:\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      health_port: 8081\n",
)
