"""KubeKey's HAProxy in a cluster where every worker is a control plane, so that no machine gets it."""

from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.example import ROLES
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    if subject.config.role_groups.stops_at("worker"):
        return  # KK114 reports it: the intended workers are unknown
    if subject.endpoint.internal_loadbalancer == HAPROXY and not cluster.workers_only:
        yield RULE.finding(
            T("every worker is a control plane: kk installs no HAProxy, and each node uses its own API server"),
            T("The nodes need no change. Clients outside the cluster need a load balancer: cloud-lb or keepalived"),
            at=subject.endpoint.place,
        )


RULE = Rule(
    "KK119",
    Severity.INFO,
    T("internal HAProxy without a dedicated worker"),
    check,
    why=T(
        "KubeKey installs HAProxy on workers that are not control planes. Without such a worker it installs "
        "no HAProxy, and points every node at 127.0.0.1, where the node's own API server listens. A failed "
        "API server affects only its own node. But kubeconfigs used elsewhere have no endpoint that survives "
        "a failure."
    ),
    source="cmd/kk/pkg/loadbalancer/module.go, HaproxyModule (OnlyWorker); cmd/kk/pkg/loadbalancer/tasks.go, UpdateHosts",
    bad="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [master1, master2, master3]
  registry: [node1]
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good=ROLES + "controlPlaneEndpoint:\n  internalLoadbalancer: haproxy\n",
)
