"""The port of HAProxy's own health check, which is invalid, HAProxy's other one, or one of Kubernetes's."""

from kkplan.kubekey4.defaults import HAPROXY
from kkplan.kubekey4.endpoint import number_of
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.installation import goes_through, haproxy_nodes
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_ON_EVERY_NODE = {
    10248: "kubelet",
    10249: "kube-proxy",
    10250: "kubelet",
    10256: "kube-proxy",
}


def check(subject: Subject) -> Findings:
    files, endpoint = subject.config, subject.endpoint
    block = endpoint.block.get("haproxy")
    if not goes_through(files) or endpoint.type != HAPROXY or not isinstance(block, dict):
        return
    if block.get("health_port") is None or (files.inventory is not None and not haproxy_nodes(files)):
        return  # KK416 reports a null
    written = rendered(block["health_port"])
    port = number_of(block["health_port"])
    held = {endpoint.port: "HAProxy", **_ON_EVERY_NODE}.get(port)
    if not 0 < port < 65536:
        message = T("invalid haproxy.health_port {port}: HAProxy does not start", port=written)
    elif held:
        message = T(
            "haproxy.health_port is {port}, which {program} uses on every worker: one of them does not start",
            port=port,
            program=held,
        )
    else:
        return
    yield RULE.finding(
        message, T("Use a free port, e.g. the default, 8081"), at=files.place_at(*BLOCK_PATH, "haproxy", "health_port")
    )


RULE = Rule(
    "KK422",
    Severity.ERROR,
    T("HAProxy's health port is taken"),
    check,
    why=T(
        "On every worker, HAProxy binds haproxy.health_port on all addresses and the endpoint's port on haproxy.address. kk checks neither. If another program of the node holds one of them, whichever starts second fails, and with HAProxy the worker loses the API servers."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/pre-kubernetes/templates/haproxy/haproxy.cfg; Kubernetes, ports and protocols",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      health_port: 10250\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    haproxy:\n      health_port: 8081\n",
)
