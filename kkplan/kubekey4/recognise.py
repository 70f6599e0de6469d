"""Tell the files of KubeKey 4 from other YAML and JSON files, and its config from its inventory."""

from __future__ import annotations

import re

from kkplan.document.parse import Document
from kkplan.kubekey4.loading import CLUSTER_KIND, is_config, is_inventory, parts_of

_ESCAPE = re.compile(r"\\[xuU\r\n]")  # of double quotes
_TAG = re.compile(r"!\S*")  # whatever the text: each character is looked at once


def may_be_config(text: str) -> bool:
    """Whether a file with this text may be a config of KubeKey 4: it has its group or its block, or hides letters."""
    if "kubekey" in text.casefold() or "control_plane_endpoint" in text or "%TAG" in text:
        return True
    return _ESCAPE.search(text) is not None or any("binary" in tag or "%" in tag for tag in _TAG.findall(text))


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
