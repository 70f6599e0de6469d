"""K3s or K8e, by type or the version's suffix, with KubeKey's HAProxy, which works on none of their workers."""

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_MESSAGES = {
    K3S: T(
        "K3s with internal HAProxy: kk writes a literal `--server=https://127.0.0.1:%s` into the workers' k3s.service"
    ),
    K8E: T(
        "K8e with internal HAProxy: kk points the workers at 127.0.0.1 in /etc/hosts, but starts HAProxy only for K3s"
    ),
}


def check(subject: Subject) -> Findings:
    cluster, endpoint = subject.cluster, subject.endpoint
    message = _MESSAGES.get(subject.config.distribution)
    if message is not None and endpoint.internal_loadbalancer == HAPROXY and cluster.workers_only:
        yield RULE.finding(
            message,
            T("Use cloud-lb or keepalived for K3s and K8e"),
            at=endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule(
    "KK132",
    Severity.ERROR,
    T("K3s or K8e with internal HAProxy"),
    check,
    why=T(
        "For K3s, kk points the agents at the local HAProxy with a sed command that lacks the port: a "
        "literal %s remains, and K3s on the workers does not start again. For K8e, kk writes HAProxy's "
        "configuration and the line in /etc/hosts, but creates the pod that reads it only for K3s. Nothing "
        "listens on the workers."
    ),
    source="cmd/kk/pkg/loadbalancer/tasks.go, UpdateK3s; cmd/kk/pkg/loadbalancer/module.go, K3sHaproxyModule (OnlyK3s); cmd/kk/pkg/pipelines/create_cluster.go, NewK8eCreateClusterPipeline",
    bad="""\
kubernetes:
  version: v1.24.7
  type: k3s
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good="""\
kubernetes:
  version: v1.24.7
  type: k3s
controlPlaneEndpoint:
  address: 172.16.0.100
""",
)
