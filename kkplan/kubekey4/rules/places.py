"""Where findings about config and inventory are shown."""

from kkplan.document.place import Place
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.precheck import Failure


def place_of(files: Files, failure: Failure) -> Place:
    """The place of what kk ends at: in the config where it is written there, else at the host or group."""
    inventory = files.inventory
    key = None
    if inventory is not None and files.entry_at(*failure.path) is None:
        key = inventory.places.get(failure.host) or inventory.group_places.get(failure.group)
    if key is not None and inventory is not None:
        return inventory.document.place_of(key)
    if failure.group and inventory is not None:
        return inventory.place
    return files.place_at(*failure.path)
