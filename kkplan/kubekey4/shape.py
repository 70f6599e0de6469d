"""The schema of KubeKey 4's documents."""

from __future__ import annotations

from functools import cache

from kkplan.document.node import Mapping, Node, Scalar, resolve_alias
from kkplan.kubekey4.loading import CONFIG_KIND, INVENTORY_KIND, child
from kkplan.schema.shape import Shape, compiled
from kkplan.schema.stored import schema

# The comments that `kk create config` writes around the endpoint (v4.0.6, builtin/core/defaults/config).
_WRITTEN_BY_KK = frozenset(
    (
        'If set to "cn", online downloads will prioritize domestic sources when available.',
        "Specify the Kubernetes version to be installed.",
        "Specify the Helm version to be installed.",
        "Tag for the sandbox (pause) image used by pods.",
        "Supported HA types: local, kube-vip, haproxy.",
        "If set to local, configure local hostname resolution as follows:",
        "- Control-plane nodes: 127.0.0.1  .kubernetes.control_plane_endpoint.host",
        "- Worker nodes:  .init_kubernetes_node  .kubernetes.control_plane_endpoint.host",
        "Kube-vip image tag used for static pod deployment (when type is kube-vip).",
        "HAProxy image tag used for static pod deployment (when type is haproxy).",
    )
)


@cache
def shape_of_kind(kind: str) -> Shape:
    """What is known of documents of this kind, Config or Inventory."""
    shape = compiled(schema(f"{kind.lower()}.v1"), "#/definitions/document")
    shape.comments = _WRITTEN_BY_KK
    return shape


def shape_of_document(root: Node) -> Shape | None:
    """What is known of a YAML document of either file; whatever calls itself no inventory is a config to kk."""
    top = resolve_alias(root)
    if not isinstance(top, Mapping):
        return None
    kind = child(top, "kind")
    return shape_of_kind(INVENTORY_KIND if isinstance(kind, Scalar) and kind.value == INVENTORY_KIND else CONFIG_KIND)
