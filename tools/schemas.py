"""Write the schemas of KubeKey's files and docs/cluster-schema.md: `make schemas`."""

from __future__ import annotations

from tools.cluster_schema import build as cluster
from tools.cluster_schema.build import ROOT
from tools.kubekey4_schema import build as kubekey4

if __name__ == "__main__":
    for name, text in (cluster.files() | kubekey4.files()).items():
        (ROOT / name).write_text(text, encoding="utf-8")
