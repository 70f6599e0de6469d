"""An external etcd without endpoints, or with only some of the three files."""

from kkplan.document.node import Node, Scalar, Sequence, resolve_alias
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_FILES = ("caFile", "certFile", "keyFile")


def check(subject: Subject) -> Findings:
    config = subject.config
    if config.etcd_type != "external":
        return
    if _is_empty(config.node_at("etcd", "external", "endpoints")):
        yield RULE.finding(
            T("etcd.type is external, but etcd.external.endpoints is empty: API servers do not start"),
            T("List the members' URLs, e.g. https://192.168.6.6:2379"),
            at=config.place_at("etcd", "external", "endpoints"),
        )
    missing = [name for name in _FILES if _is_empty(config.node_at("etcd", "external", name))]
    if missing and len(missing) < len(_FILES):
        yield RULE.finding(
            T("etcd.external has no {missing}: API servers cannot reach etcd over TLS", missing=", ".join(missing)),
            T("Set caFile, certFile and keyFile. For an etcd without TLS, set none of the three"),
            at=config.place_at("etcd", "external"),
        )


def _is_empty(node: Node | None) -> bool:
    """A missing value, an empty string, or a list of these. KK302 covers a value of the wrong type."""
    if isinstance(node, Sequence):
        return all(_is_empty(resolve_alias(item)) for item in node.items)
    return node is None or (isinstance(node, Scalar) and not node.value)


RULE = Rule(
    "KK139",
    Severity.ERROR,
    T("an external etcd without endpoints or with incomplete certificate files"),
    check,
    why=T(
        "kk writes the endpoints unchanged into kubeadm's configuration. An API server without an endpoint "
        "exits at start. kk checks only for caFile before it uses all three files. For a missing certFile or "
        "keyFile it writes the path of a folder, and the API server exits when it reads it."
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
