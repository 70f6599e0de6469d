"""An output folder whose files apply would replace or remove although they belong to another cluster."""

from kkplan.locale import T, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.rules.subject import Subject


def check(subject: Subject) -> Findings:
    other = subject.folder_of_other
    if other is not None:
        values = {"folder": named(other.path), "config": named(other.config_name)}
        text = (
            T(
                "{folder} holds the files of another {config}, with the control planes {addresses}",
                addresses=", ".join(other.control_planes),
                **values,
            )
            if other.control_planes
            else T("{folder} holds the files of {config}", **values)
        )
        yield RULE.finding(text, T("Choose another folder with --output-dir"))


RULE = Rule(
    "KK204",
    Severity.WARNING,
    T("the output folder holds the files of another config"),
    check,
    why=T(
        "The plan replaces or removes the files of another cluster, from which its load balancer is set up. SHA256SUMS "
        "in the folder names the config that the files are for, and the addresses of its control planes: configs of two sites often have the same name. If you renamed the config or replaced all control planes, apply the plan: the finding "
        "then goes away."
    ),
    source="kkplan/disk/bundle_folder.py",
    bad="""\
$ cp config-sample.yaml other.yaml
$ kkplan apply other.yaml --mode cloud-lb --address 172.16.0.100 --yes
$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100
""",
    good="$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100 --output-dir out",
)
