"""An etcd of somebody else's that the config does not say how to reach."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.node import Node, Scalar, Sequence, resolve_alias
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_FILES = ("caFile", "certFile", "keyFile")


def check(subject: Subject) -> Iterator[Finding]:
    """Find etcd.type external without endpoints, or with some of the three files only."""
    config = subject.config
    if config.etcd_type != "external":
        return
    if _is_empty(config.node_at("etcd", "external", "endpoints")):
        yield RULE.finding(
            T("etcd.type is external, but etcd.external.endpoints names none: API servers do not start"),
            T("Give the members' URLs: https://192.168.6.6:2379"),
            at=config.place_at("etcd", "external", "endpoints"),
        )
    missing = [name for name in _FILES if _is_empty(config.node_at("etcd", "external", name))]
    if missing and len(missing) < len(_FILES):
        yield RULE.finding(
            T("etcd.external has no {missing}: API servers do not reach etcd by TLS", missing=", ".join(missing)),
            T("Give caFile, certFile and keyFile, or none of them for an etcd without TLS"),
            at=config.place_at("etcd", "external"),
        )


def _is_empty(node: Node | None) -> bool:
    """Nothing, a text that is empty, or a list of such; a value of the wrong type is KK302's."""
    if isinstance(node, Sequence):
        return all(_is_empty(resolve_alias(item)) for item in node.items)
    return node is None or (isinstance(node, Scalar) and not node.value)


RULE = Rule(
    "KK139",
    Severity.ERROR,
    T("an external etcd without endpoints or with half of its certificates"),
    check,
    why=T(
        "kk takes the endpoints as they are into kubeadm's configuration, and an API server without one ends at its start. It asks for caFile only before it takes all three files: of a missing certFile or keyFile it makes the path of a folder, and the API server ends when it reads that."
    ),
    source="cmd/kk/pkg/kubernetes/tasks.go, GenerateKubeadmConfig (External); cmd/kk/apis/kubekey/v1alpha2/etcd_types.go, ExternalEtcd; kube-apiserver(8), --etcd-servers",
    bad="""\
etcd:
  type: external
  external:
    caFile: /pki/etcd/ca.crt
    certFile: /pki/etcd/etcd.crt
    keyFile: /pki/etcd/etcd.key
""",
    good="""\
etcd:
  type: external
  external:
    endpoints:
    - https://192.168.6.6:2379
    caFile: /pki/etcd/ca.crt
    certFile: /pki/etcd/etcd.crt
    keyFile: /pki/etcd/etcd.key
""",
)
