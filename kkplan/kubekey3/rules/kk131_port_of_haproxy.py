"""A port of kubelet, kube-proxy or etcd that KubeKey's HAProxy needs on the workers."""

import re
from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, Sequence, name_of, resolve_alias
from kkplan.document.place import Place
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text, Verbatim
from kkplan.plan.finding import Finding, Findings, Severity
from kkplan.plan.rule import Rule

PORTS = (6443, 8081)  # haproxyConfig.go: kube_api_frontend and healthz

# Ports of kubelet and kube-proxy, by flag and by key of their configuration.
_PORT_WORD = re.compile(r"(?i)(port|bind-?address)\Z")
_FLAG = re.compile(r"-{0,2}(?P<name>[\w-]+)=(?P<value>.*)\Z")
_SECTIONS = ("kubeletArgs", "kubeProxyArgs", "kubeletConfiguration", "kubeProxyConfiguration")


def check(subject: Subject) -> Findings:
    cluster, config = subject.cluster, subject.config
    if subject.endpoint.internal_loadbalancer != HAPROXY or not cluster.workers_only:
        return
    for section in _SECTIONS:
        yield from _findings(config, f"kubernetes.{section}", config.node_at("kubernetes", section))
    if set(cluster.etcd_members) & set(cluster.workers_only):
        for key in ("port", "peerPort"):
            value = config.value_at("etcd", key)
            if value in PORTS:
                yield _finding(Verbatim(f"etcd.{key}"), value, config.place_at("etcd", key))


def _findings(config: Config, section: str, node: Node | None) -> Findings:
    for name, value in _settings(node):
        port = value.value.rpartition(":")[2]
        if _PORT_WORD.search(name) and port in map(str, PORTS):
            yield _finding(T("{label}: {text}", label=section, text=name), port, config.document.place_of(value))


def _settings(node: Node | None) -> Iterator[tuple[str, Scalar]]:
    """Flags in a list and keys in a mapping, with their values."""
    if isinstance(node, Sequence):
        for item in map(resolve_alias, node.items):
            flag = _FLAG.match(item.value) if isinstance(item, Scalar) else None
            if flag and isinstance(item, Scalar):
                yield flag["name"], Scalar(item.start, item.end, flag["value"])
    elif isinstance(node, Mapping):
        for entry in node.entries:
            value = resolve_alias(entry.value)
            if isinstance(value, Scalar):
                yield name_of(entry), value


def _finding(what: Text | Verbatim, port: object, at: Place) -> Finding:
    return RULE.finding(
        T("{what} uses port {port}, which KubeKey's HAProxy needs on the workers", what=what, port=port),
        T("Set another port for it; HAProxy's 6443 and 8081 cannot be changed"),
        at=at,
    )


RULE = Rule(
    "KK131",
    Severity.ERROR,
    T("a port that KubeKey's HAProxy needs is in use"),
    check,
    why=T(
        "On every worker KubeKey's HAProxy listens on 127.0.0.1:6443 and, for its health check, on port 8081 "
        "of all addresses. Both ports are constants. If another program uses one of them, whichever starts "
        "second fails."
    ),
    source="cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go; cmd/kk/pkg/loadbalancer/module.go, HaproxyModule",
    bad="""\
kubernetes:
  kubeletConfiguration:
    healthzPort: 8081
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
    good="""\
kubernetes:
  kubeletConfiguration:
    healthzPort: 10248
controlPlaneEndpoint:
  internalLoadbalancer: haproxy
""",
)
