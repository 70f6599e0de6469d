"""Tell the files of KubeKey 4 from other YAML and JSON files, and its config from its inventory."""

from __future__ import annotations

import re

from kkplan.document.parse import Document
from kkplan.kubekey4.loading import CLUSTER_KIND, is_config, is_inventory, parts_of

# Escapes of double quotes, and what a tag may hide: a file with any of them is parsed before it is passed over.
_HIDING = re.compile(r"\\[xuU\r\n]|%TAG|!\S*(?:binary|%)")


def may_be_config(text: str) -> bool:
    """Whether a file with this text may be a config of KubeKey 4: it has its group or its block, or hides letters."""
    folded = text.casefold()
    return "kubekey" in folded or "control_plane_endpoint" in text or _HIDING.search(text) is not None


def recognises(document: Document) -> bool:
    """Whether a document of the file is a config or an inventory of KubeKey 4; one of kind Cluster is KubeKey 3's."""
    parts = parts_of(document)
    if any(part.text("kind") == CLUSTER_KIND for part in parts):
        return False
    return any(is_config(part) or is_inventory(part) for part in parts)


def is_inventory_file(document: Document) -> bool:
    """Whether the file has an inventory of KubeKey 4 and no config."""
    parts = parts_of(document)
    return any(map(is_inventory, parts)) and not any(map(is_config, parts))
