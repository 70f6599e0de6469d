"""Regenerate schemas/config.v1.schema.json and schemas/inventory.v1.schema.json: `make schemas`."""

from __future__ import annotations

from tools.kubekey4_schema.build import ROOT, files

for name, text in files().items():
    (ROOT / name).write_text(text, encoding="utf-8")
