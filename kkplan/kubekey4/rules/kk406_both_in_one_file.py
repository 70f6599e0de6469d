"""Config and inventory in one file, or more documents than kk 4 reads."""

from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    parts = [part for part in (files.config, files.inventory_part) if part is not None]
    for part in {part.document.name: part for part in parts}.values():
        further = [root for root in part.document.roots[1:] if root is not None]
        if not further:
            continue
        severity = Severity.ERROR
        if files.is_one_file:
            message = T("config and inventory in one file: kk reads the first document only, for either")
        elif part.document.roots[0] is None:
            message = T("the first document is empty, and kk reads no other: everything is a default")
        else:
            message, severity = T("a second document, which kk silently ignores"), Severity.WARNING
        yield RULE.finding(
            message,
            T("Put each document into a file of its own"),
            at=part.document.place_of(further[0]),
            severity=severity,
        )


RULE = Rule(
    "KK406",
    Severity.ERROR,
    T("more documents in a file than kk reads"),
    check,
    why=T(
        "kk reads the first YAML document of each file and silently drops the others. Of a config and an inventory in one file one is never seen, and two lines of dashes at the top of a file make the first document an empty one, so that everything is a default."
    ),
    source="KubeKey v4.0.6, cmd/kk/app/options/option.go, Complete; sigs.k8s.io/yaml, Unmarshal",
    bad="# config.yaml\nzone: cn\n---\nkind: Config\n",
    good="# config.yaml\nzone: cn\n",
)
