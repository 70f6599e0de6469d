"""What ends kk 4 in the middle of an install."""

from kkplan.kubekey4.precheck import Phase
from kkplan.kubekey4.rules.places import failure_findings
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    yield from failure_findings(subject.config, RULE, Phase.INSTALL)


RULE = Rule(
    "KK403",
    Severity.ERROR,
    T("a task of the install fails"),
    check,
    why=T(
        "kk's precheck looks at few keys. Others are first read by a template on the nodes, when etcd and the container runtime are installed already: a null deletes the defaults below it, certSANs has to be a list, kube-vip's mode names a template, and its VIP has to be in a network of each control plane. The install stops there and leaves the machines half done."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes and init-kubernetes; roles/native/dns",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n  apiserver:\n    certSANs: 10.0.0.100\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n  apiserver:\n    certSANs: [10.0.0.100]\n",
)
