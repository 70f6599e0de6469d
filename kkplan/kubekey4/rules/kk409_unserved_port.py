"""A port that is not the API servers' own where no load balancer outside translates it."""

from kkplan.kubekey4.defaults import DEFAULT_PORT, KUBE_VIP, TYPES
from kkplan.kubekey4.effective import unserved_port
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    endpoint, files = subject.endpoint, subject.config
    if not goes_through(files) or endpoint.type not in TYPES or not unserved_port(subject):
        return
    written = files.entry_at(*BLOCK_PATH, "port") is not None
    place = files.place_at(*BLOCK_PATH, "port") if written else files.place_at("kubernetes", "apiserver", "port")
    if not 0 < endpoint.port < 65536:
        yield RULE.finding(
            T("invalid port {port}: no node reaches the endpoint", port=rendered(endpoint.block.get("port"))),
            T("Write a number from 1 to 65535, or delete the line"),
            at=place,
        )
    elif endpoint.type == KUBE_VIP:
        yield RULE.finding(
            T(
                "port is {port}, and API servers listen on {api}: kube-vip serves port {served} only",
                port=endpoint.port,
                api=endpoint.api_server_port,
                served=DEFAULT_PORT,
            ),
            T("Set both to {served}", served=DEFAULT_PORT),
            at=place,
        )
    else:
        yield RULE.finding(
            T(
                "port is {port}, but API servers listen on {api}: control planes ask their own at a port where nothing listens",
                port=endpoint.port,
                api=endpoint.api_server_port,
            ),
            T("Set port to {api}. Only a load balancer outside may use another", api=endpoint.api_server_port),
            at=place,
        )


RULE = Rule(
    "KK409",
    Severity.ERROR,
    T("a port of the endpoint where nothing listens"),
    check,
    until_survives=True,
    why=T(
        "With the types local (without an address) and haproxy, the endpoint's name leads to 127.0.0.1 on control planes, so port has to be that of the API servers, kubernetes.apiserver.port. kube-vip serves 6443, whatever the config says. kk does not look at the port at all: kubeadm init waits for an endpoint that never answers, after etcd and the container runtime are installed."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/native/dns/tasks/main.yaml; roles/kubernetes/pre-kubernetes/templates/kubevip; kubeadm-init.v1beta4; issue 3021",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    port: 8443\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: haproxy\n    port: 6443\n",
)
