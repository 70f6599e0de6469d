"""Where findings about config and inventory are shown: at a place of the config, or with the inventory's line in words."""

from __future__ import annotations

from kkplan.document.node import Entry, Node
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.installation import Failure
from kkplan.locale import T, Text, named


def located(files: Files, failure: Failure) -> tuple[Text, Place | None]:
    """The failure's message, and its place in the config; None where it is in the inventory."""
    inventory = files.inventory
    if failure.path and (files.entry_at(*failure.path) is not None or inventory is None):
        return failure.message, files.place_at(*failure.path)
    key: Node | None = None
    if inventory is not None:
        key = inventory.places.get(failure.host) or inventory.group_places.get(failure.group)
    if key is not None and inventory is not None and files.config is not None:
        return in_other_file(inventory.document, key, files, failure.message)
    return failure.message, files.place_at(*failure.path)


def in_other_file(document: Document, node: Node | Entry, files: Files, message: Text) -> tuple[Text, Place | None]:
    """The message with the file and line of what it is about, where that is in another file than the config."""
    place = document.place_of(node)
    if files.config is None or files.config.document.name == document.name:
        return message, place
    where = named(f"{document.name}:{place.line}")
    return T("{place}: {text}", place=where, text=message), None
