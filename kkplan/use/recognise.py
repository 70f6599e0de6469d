"""Recognise KubeKey configs among other YAML and JSON files, without missing one."""

from __future__ import annotations

from kkplan.document import DocumentError
from kkplan.document.parse import Document, parse
from kkplan.plan.dialect import Dialect, dialects


def may_be_config(data: bytes, name: str) -> bool:
    """Whether the file is a config, or could be one: it cannot be parsed and nothing in it rules that out."""
    text = data.replace(b"\0", b"").decode("utf-8", "replace")  # without NULs, UTF-16 and UTF-32 read as ASCII does
    candidates = [dialect for dialect in dialects() if dialect.may_be_config(text)]
    if not candidates:
        return False
    try:
        document = parse(data, name)
    except DocumentError:
        return True
    return any(dialect.recognises(document) and not _is_beside(dialect, document) for dialect in candidates)


def _is_beside(dialect: Dialect, document: Document) -> bool:
    """Whether the file belongs beside a config, with which it is judged."""
    return any(role.config_name and role.holds(document) for role in dialect.file_roles)
