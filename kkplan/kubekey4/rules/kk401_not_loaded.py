"""A config or inventory that kk 4 refuses when it loads it."""

from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    for stop in files.load_stops:
        if files.has_other_inventory and stop.part is files.inventory_part:
            continue
        yield RULE.finding(stop.message, stop.advice, at=stop.place)


RULE = Rule(
    "KK401",
    Severity.ERROR,
    T("a config or inventory that kk refuses"),
    check,
    why=T(
        "kk decodes both files before it does anything else. spec and spec.kubernetes have to hold keys and values, hosts and groups too, and a group's hosts have to be a list of names. Anything else ends kk at once, with an error of Go's decoder that names no line."
    ),
    source="KubeKey v4.0.6, cmd/kk/app/options/option.go, Complete; api/core/v1/config_types.go; api/core/v1/inventory_types.go",
    bad="# config.yaml\nkubernetes: v1.33.4\n",
    good="# config.yaml\nkubernetes:\n  kube_version: v1.33.4\n  control_plane_endpoint:\n    type: haproxy\n",
)
