"""A file in the output folder that apply would replace although kkplan did not write it, or that was edited later."""

from kkplan.locale import T, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    for path in subject.overwritten_files:
        yield RULE.finding(
            T(
                "{path} exists and was not written by kkplan, or was edited later. It will be replaced; a backup is kept",
                path=named(path),
            ),
            T("Save what you need from it, or choose another folder with --output-dir"),
        )


RULE = Rule(
    "KK201",
    Severity.WARNING,
    T("the plan replaces a file that kkplan did not write"),
    check,
    why=T(
        "The output folder has a file with the name of one that kkplan writes, but kkplan did not write it, "
        "or it was edited later. apply replaces it and keeps a backup next to the new file."
    ),
    source="kkplan/disk/bundle_folder.py",
    bad="""\
$ kkplan apply config-sample.yaml --mode cloud-lb --address 172.16.0.100 --yes
$ sed -i s/order/note/ kkplan-out/README.md
$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100
""",
    good="$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100",
)
