"""Find the configs in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

# The cheapest sign of KubeKey's config; whether it really is one is found out when it is read.
_CLUSTER = re.compile(rb"""["']?kind["']?\s*:\s*["']?Cluster["']?\s*(?:[,#}\r\n]|\Z)""", re.IGNORECASE)
_KUBEKEY = re.compile(rb"kubekey\.kubesphere\.io/")
_SUFFIXES = (".yaml", ".yml", ".json")
_LOOKED_AT = 1 << 20


def configs_in(folder: Path) -> Iterator[Path]:
    """The files below the folder that look like a config of KubeKey, sorted; hidden folders are left out."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(root, name)
            if name.endswith(_SUFFIXES) and not name.startswith(".") and looks_like_config(file):
                yield file


def looks_like_config(file: Path) -> bool:
    """Whether it is one of KubeKey's by its look; one that cannot be read is, too: it is named when it is read."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            data = opened.read(_LOOKED_AT)
    except OSError:
        return True  # it is named when it is read
    return bool(_CLUSTER.search(data) and _KUBEKEY.search(data))
