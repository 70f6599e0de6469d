"""An output folder in which other users could replace files, or that contains files of others."""

from kkplan.locale import T, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    unfit = subject.unfit_folder
    if unfit is not None:
        yield RULE.finding(
            T("cannot write the files: {path}: {reason}", path=named(unfit.path), reason=unfit.reason),
            unfit.advice or T("Choose another folder with --output-dir"),
        )


RULE = Rule(
    "KK202",
    Severity.ERROR,
    T("the output folder cannot be used"),
    check,
    why=T(
        "kkplan writes only into a folder that is new, empty or its own, and that no other user can change: "
        "root copies the files to the LB servers and runs them there. The finding says what is wrong with "
        "the folder and how to fix it."
    ),
    source="kkplan/disk/output_folder.py; docs/reliability.md",
    bad="""\
$ mkdir kkplan-out
$ touch kkplan-out/notes.txt
$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100
""",
    good="$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100",
)
