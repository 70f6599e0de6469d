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
                init_kubernetes_node={"type": "string", "x-shown": "nodes"},
                kubernetes=_mapping(
                    kube_version={"type": "string", "x-shown": "version"},
                    cluster_name=_NAME,
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


@cache
def _shape() -> Shape:
    return compiled(_SCHEMA, "#/definitions/document")


def shape_of_document(root: Node) -> Shape | None:
    """What is known of a YAML document of either file."""
    return _shape() if isinstance(resolve_alias(root), Mapping) else None
