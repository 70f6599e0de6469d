"""Storage: storage_types.go."""

from __future__ import annotations

from tools.cluster_schema.keys import Part, at, block, text

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/storage_types.go"

PART = Part(
    title="Storage",
    v1alpha2={
        "storage": block("存储", "Storage that kk sets up.", {"openebs": at("openebs")}),
        "openebs": block(
            "OpenEBS",
            "Settings of OpenEBS's local volumes.",
            {
                "basePath": text(
                    "数据目录", "Folder for local volumes on the nodes.", default="/var/openebs/local", form="location"
                )
            },
        ),
    },
    v1alpha1={},
    sources={"storage": f"{_TYPES}: StorageConfig", "openebs": f"{_TYPES}: OpenEBSCfg"},
)
