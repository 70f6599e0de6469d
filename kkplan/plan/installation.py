"""How a person installs the planned cluster, as the files beside the config say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from kkplan.cluster.endpoint import WantedEndpoint
from kkplan.shown import shown


class Installation(NamedTuple):
    """What the dialect knows of the installation, for a mode's files.

    Attributes:
        config_name: the config's file name.
        config_arguments: the files as kkplan takes them in a shell, in the config's folder.
        command: the shell command that installs the cluster, to be run in the config's folder.
        endpoint_path: the mapping of the config that has the endpoint's keys, with dots between its keys.
        describe: what a config with a wanted endpoint has: a key below `endpoint_path` → its value as YAML; None: no
            such key.
    """

    config_name: str
    config_arguments: str
    command: str
    endpoint_path: str
    describe: Callable[[WantedEndpoint], Mapping[str, str | None]]

    def endpoint_keys(self, wanted: WantedEndpoint) -> dict[str, str | None]:
        """The same as `describe`, with the whole path of each key; values that may not be shown are masked."""
        described = self.describe(wanted).items()
        return {f"{self.endpoint_path}.{key}": value and _shown(value) for key, value in described}


def _shown(value: str) -> str:
    """A value as YAML, in quotes if it has some."""
    text = value.strip('"')
    return value.replace(text, shown(text)) if text else value
