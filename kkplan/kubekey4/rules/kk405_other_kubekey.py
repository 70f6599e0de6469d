"""A Cluster of KubeKey 3 that is given to kk 4 as a config or an inventory."""

from kkplan.document.place import Place
from kkplan.kubekey4.loading import Part, is_of_kubekey_3
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.plan.shell_path import shell_path


def check(subject: Subject) -> Findings:
    files = subject.config
    part = files.config
    if part is not None and is_of_kubekey_3(part):
        yield RULE.finding(
            T("kind Cluster is KubeKey 3's: kk 4 accepts the file and ignores what it says"),
            T(
                "With kk 3: kk create cluster -f {file}. With kk 4: kk create cluster -c config.yaml -i inventory.yaml",
                file=named(shell_path(part.document.name)),
            ),
            at=_place(part),
        )
    if files.has_other_inventory and files.inventory_part is not None:
        yield RULE.finding(
            T("this is a config of KubeKey 3, not an inventory of KubeKey 4: kk stops with an error"),
            T("Name the inventory with --inventory. If there is none yet: kk create inventory -o ."),
            at=_place(files.inventory_part),
        )


def _place(part: Part) -> Place:
    entry = part.entry("kind")
    return part.document.place_of(entry) if entry is not None else part.place


RULE = Rule(
    "KK405",
    Severity.ERROR,
    T("a file of KubeKey 3 given to kk 4"),
    check,
    why=T(
        "kk 4 looks at neither kind nor apiVersion. It takes a Cluster of KubeKey 3 as its config: spec.controlPlaneEndpoint, hosts and roleGroups become variables that no role reads. Without --inventory it then uses the inventory that is built in and installs a cluster on the very machine it runs on."
    ),
    source="KubeKey v4.0.6, cmd/kk/app/options/option.go, Complete; cmd/kk/app/options/builtin/builtin.go, getInventory",
    bad="# config.yaml\napiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\n",
    good="# config.yaml\napiVersion: kubekey.kubesphere.io/v1\nkind: Config\n",
)
