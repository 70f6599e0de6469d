"""A file in the output folder that kkplan did not write, or that someone has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kkplan.cluster.endpoint import Endpoint
from kkplan.locale import T, named
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule, Subject


def check(subject: Subject[Endpoint, Any]) -> Iterator[Finding]:
    """Find files that would be replaced although they are not kkplan's own."""
    for path in subject.overwritten_files:
        yield RULE.finding(
            T(
                "{path} is there already and is not as kkplan wrote it; it would be replaced and kept as a backup",
                path=named(path),
            ),
            T("Save what you need of it, or choose another folder with --output-dir"),
        )


RULE = Rule(
    "KK201",
    Severity.WARNING,
    T("a file that kkplan did not write would be replaced"),
    check,
    why=T(
        "A file that has the name of one of kkplan's, but was not written by kkplan or was edited since, would be replaced. A backup of it stays beside the new one."
    ),
    source="kkplan/disk/bundle_folder.py",
    bad="""\
$ kkplan apply config-sample.yaml --mode cloud-lb --address 172.16.0.100 --yes
$ sed -i s/order/note/ kkplan-out/README.md
$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100
""",
    good="$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100",
)
