"""K3s with KubeKey's HAProxy: kk writes a format directive where the port belongs."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.endpoint import HAPROXY
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.rule import Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find kubernetes.type k3s, or a version that ends in it, together with haproxy."""
    endpoint, config = subject.cluster.endpoint, subject.config
    if config is None or endpoint.internal_loadbalancer != HAPROXY or not subject.cluster.workers_only:
        return
    version = config.text_at("kubernetes", "version").partition("-")[2]
    if "k3s" in (config.text_at("kubernetes", "type"), version.partition("-")[0]):
        yield RULE.finding(
            T("K3s with internal HAProxy: kk writes `--server=https://127.0.0.1:%s` into the workers' k3s.service"),
            T("Use cloud-lb or keepalived for K3s"),
            at=endpoint.place_of("internalLoadbalancer"),
        )


RULE = Rule(
    "KK132",
    Severity.WARNING,
    T("K3s together with internal HAProxy"),
    check,
    why=T(
        "For K3s, kk points the agents at the local HAProxy by a sed command in which the port was never filled in: the "
        "letters %s stay. K3s on the workers does not start again afterwards."
    ),
    source="cmd/kk/pkg/loadbalancer/tasks.go, UpdateK3s",
    bad="""\
kubernetes:
  version: v1.26.5
  type: k3s
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good="""\
kubernetes:
  version: v1.26.5
  type: k3s
controlPlaneEndpoint:
  address: 172.16.0.100
""",
)
