"""HAProxy on the workers with a bind address that 127.0.0.1 does not lead to."""

from kkplan.kubekey4.defaults import HAPROXY
from kkplan.kubekey4.effective import LOOPBACK, REACHED_BINDS
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.installation import goes_through, haproxy_nodes
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.local_dns import writes_hosts_file
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files, endpoint = subject.config, subject.endpoint
    if not goes_through(files) or endpoint.type != HAPROXY or endpoint.haproxy_bind in REACHED_BINDS:
        return
    if not writes_hosts_file(files.variables("")) or (files.inventory is not None and not haproxy_nodes(files)):
        return
    block = endpoint.block.get("haproxy")
    yield RULE.finding(
        T(
            "haproxy.address is {bind}, but workers ask 127.0.0.1: no worker can join",
            bind=rendered(block.get("address") if isinstance(block, dict) else None),
        ),
        T("Set haproxy.address to {address}, or delete the line", address=LOOPBACK),
        at=files.place_at(*BLOCK_PATH, "haproxy", "address"),
    )


RULE = Rule(
    "KK410",
    Severity.ERROR,
    T("KubeKey's HAProxy listens on another address than 127.0.0.1"),
    check,
    why=T(
        "haproxy.address is the address that HAProxy binds to on each worker. It does not change where workers look: kk always writes 127.0.0.1 for the endpoint into their /etc/hosts. The comment in KubeKey's own defaults recommends 127.0.0.2, and kk create convert writes it. A VIP there keeps HAProxy from starting at all."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/templates/haproxy/haproxy.cfg; roles/kubernetes/join-kubernetes/tasks/main.yaml; issue 2975",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      address: 127.0.0.2\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      address: 127.0.0.1\n",
)
