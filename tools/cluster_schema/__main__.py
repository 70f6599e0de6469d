"""Regenerate schemas/cluster.*.schema.json and docs/cluster-schema.md: `make schemas`."""

from __future__ import annotations

from tools.cluster_schema.build import ROOT, files

for name, text in files().items():
    (ROOT / name).write_text(text, encoding="utf-8")
