"""An endpoint name, as any node has it, with characters that a shell on every node obeys."""

from kkplan.kubekey4.files import block_of
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.local_dns import SHELL
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    if files.load_stops:
        return
    for variables in files.all_variables():
        if SHELL.isdisjoint(rendered(block_of(variables).get("host"))):
            continue
        yield RULE.finding(
            T("host contains $, ` or \\: kk passes it to a shell on every node, which executes what it says"),
            T("Write a DNS name: letters, digits, - and ."),
            at=files.place_at(*BLOCK_PATH, "host"),
        )
        return


RULE = Rule(
    "KK419",
    Severity.ERROR,
    T("an endpoint name that a shell executes"),
    check,
    why=T(
        "kk writes /etc/hosts with a shell script, and host is put into it as it is. $(…) and backquotes in it are run as root on every node, and a variable such as $HOME is replaced by its value. What comes into the file is no name that a node could look up."
    ),
    source="run: KubeKey v4.0.6; builtin/core/roles/native/dns/tasks/main.yaml",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    host: lb.$DOMAIN\n    type: haproxy\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    host: lb.example.com\n    type: haproxy\n",
)
