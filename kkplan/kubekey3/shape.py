"""The schema of a Cluster, chosen by its apiVersion."""

from __future__ import annotations

from functools import cache

from kkplan.document.node import Mapping, Node, Scalar, resolve_alias
from kkplan.kubekey3.keys import find, fold
from kkplan.schema.shape import Schema, Shape, compiled
from kkplan.schema.stored import schema

API_GROUP = "kubekey.kubesphere.io"
VERSIONS = ("v1alpha1", "v1alpha2")
# The comments that kk writes into a config: cmd/kk/pkg/config/templates/cluster.go (`kk create config`) and
# cmd/kk/pkg/config/from_cluster.go (`--from-cluster`) of KubeKey 3.1.12.
_WRITTEN_BY_KK = frozenset(
    (
        "Internal loadbalancer for apiservers",
        "internalLoadbalancer: haproxy",
        "multus support. https://github.com/k8snetworkplumbingwg/multus-cni",
        "You should complete the ssh information of the hosts",
        "If the external loadbalancer was used, 'address' should be set to loadbalancer's ip.",
    )
)


def version_of(root: Mapping) -> str:
    """The version in apiVersion; v1alpha2 if there is none, because kk 3 reads every Cluster as v1alpha2."""
    named = _own_text(root, "apiVersion")
    return next((version for version in VERSIONS if named == f"{API_GROUP}/{version}"), VERSIONS[-1])


def _own_text(root: Mapping, key: str) -> str:
    """The value of the mapping's own key as written; "" for a list or a mapping, or if there is no such key."""
    entry = find(root, key)
    value = resolve_alias(entry.value) if entry is not None else None
    return value.value if isinstance(value, Scalar) else ""


@cache
def cluster_shape(version: str) -> Shape:
    """The shape of a Cluster document of `v1alpha1` or `v1alpha2`."""
    shape = compiled(schema(f"cluster.{version}"), "#/definitions/cluster", fold)
    shape.comments = _WRITTEN_BY_KK
    return shape


@cache
def keys_at(*path: str) -> dict[str, Shape]:
    """The keys of the mapping at the path in a Cluster, or in each item of the list there, in KubeKey's order.

    Args:
        path: its keys, as KubeKey spells them.
    """
    shape = cluster_shape(VERSIONS[-1])
    for key in path:
        shape = shape.keys[fold(key)][1]
    return dict((shape.items or shape).keys.values())


def schema_of(root: Mapping, version: str = "") -> Schema:
    """The schema to check the Cluster with: that of the given version, or of its apiVersion.

    KubeKey 3 reads a document of v1alpha1 as one of v1alpha2.
    """
    version, latest = version or version_of(root), VERSIONS[-1]
    later = cluster_shape(latest) if version != latest else None
    return Schema(f"cluster.{version}", cluster_shape(version), later, f"{API_GROUP}/{latest}")


def shape_of_document(root: Node) -> Shape | None:
    """The shape of a Cluster; None for any other document, which has no schema."""
    root = resolve_alias(root)
    is_cluster = isinstance(root, Mapping) and _own_text(root, "kind") == "Cluster"
    return cluster_shape(version_of(root)) if isinstance(root, Mapping) and is_cluster else None
