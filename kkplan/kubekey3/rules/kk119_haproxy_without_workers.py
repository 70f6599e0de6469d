"""KubeKey's HAProxy where it goes on no machine."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find haproxy in a cluster where every worker is a control plane."""
    cluster = subject.cluster
    if subject.config.role_groups.stops_at("worker"):
        return  # KK114's: which workers are meant is not known
    if subject.endpoint.internal_loadbalancer == HAPROXY and not cluster.workers_only:
        yield RULE.finding(
            T("every worker is a control plane: kk installs no HAProxy, and each node asks its own API server"),
            T(
                "No change needed for the nodes. Clients outside the cluster need a load balancer: cloud-lb or keepalived"
            ),
            at=subject.endpoint.place,
        )


RULE = Rule(
    "KK119",
    Severity.INFO,
    T("internal HAProxy without a worker of its own"),
    check,
    why=T(
        "KubeKey puts HAProxy on the workers that are no control planes. Where there is none, it installs nothing: kk points every node at 127.0.0.1, where its own API server listens. If an API server fails, only its own node is lost. But kubeconfigs that are used elsewhere have no endpoint that survives."
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
    good="""\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [node1, node2]
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
)
