"""The schema of KubeKey 4's documents."""

from __future__ import annotations

from functools import cache

from kkplan.document.node import Mapping, Node, resolve_alias
from kkplan.schema.shape import Shape, compiled

_HOST = {"type": "string", "x-shown": "host"}
_NAME = {"type": "string", "x-shown": "name"}
_NODES = {"type": "array", "items": {"type": "string", "x-shown": "nodes"}}
_PORT = {"type": ["integer", "string"], "x-shown": "name"}


def _mapping(**properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


_IMAGE = _mapping(
    registry={"type": "string", "x-shown": "location"},
    repository={"type": "string", "x-shown": "location"},
    tag={"type": "string", "x-shown": "version"},
)
_SCHEMA = {
    "definitions": {
        "document": _mapping(
            apiVersion={"type": "string", "enum": ["kubekey.kubesphere.io/v1"]},
            kind={"type": "string", "enum": ["Config", "Inventory"]},
            spec=_mapping(
                zone={"type": "string", "enum": ["", "cn"]},
                init_kubernetes_node={"type": "string", "x-shown": "nodes"},
                kubernetes=_mapping(
                    kube_version={"type": "string", "x-shown": "version"},
                    helm_version={"type": "string", "x-shown": "version"},
                    cluster_name=_NAME,
                    sandbox_image=_IMAGE,
                    apiserver=_mapping(port=_PORT, certSANs={"type": "array", "items": _HOST}),
                    kube_proxy=_mapping(
                        mode=_NAME,
                        config=_mapping(ipvs=_mapping(excludeCIDRs={"type": "array", "items": _HOST})),
                    ),
                    control_plane_endpoint=_mapping(
                        host=_HOST,
                        port=_PORT,
                        type=_NAME,
                        local=_mapping(address=_HOST),
                        kube_vip=_mapping(address=_HOST, mode=_NAME, image=_IMAGE),
                        haproxy=_mapping(address=_HOST, health_port=_PORT, image=_IMAGE),
                    ),
                ),
                native=_mapping(localDNS={"type": "array", "items": {"type": "string", "x-shown": "location"}}),
                etcd=_mapping(deployment_type=_NAME),
            ),
        )
    }
}


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
def _shape() -> Shape:
    shape = compiled(_SCHEMA, "#/definitions/document")
    shape.comments = _WRITTEN_BY_KK
    return shape


def shape_of_document(root: Node) -> Shape | None:
    """What is known of a YAML document of either file."""
    return _shape() if isinstance(resolve_alias(root), Mapping) else None
