"""Storage: storage_types.go."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, at, block, sourced, text

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/storage_types.go"

DEFINITIONS: Keys = {
    "storage": sourced(
        f"{_TYPES}: StorageConfig", block("存储", "Storage that kk sets up.", {"openebs": at("openebs")})
    ),
    "openebs": sourced(
        f"{_TYPES}: OpenEBSCfg",
        block(
            "OpenEBS",
            "Settings of OpenEBS's local volumes.",
            {
                "basePath": text(
                    "数据目录", "Folder for local volumes on the nodes.", default="/var/openebs/local", form="location"
                )
            },
        ),
    ),
}
