"""`kkplan show`: show the cluster that a config describes."""

from __future__ import annotations

from kkplan.cli.console import emit, terminal_options
from kkplan.cluster.survival import survival
from kkplan.disk.config_file import read_config
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import format_named
from kkplan.use.read import NamedFiles, read


def show(config: str, show_form: str = "text", beside: NamedFiles | None = None) -> None:
    """Read the config and show its cluster."""
    formatter = format_named(ClusterFormat, show_form)
    reading = read(read_config(config), beside)
    cluster = reading.subject.cluster
    emit(formatter.show(reading.file.name, cluster, survival(cluster, reading.effective), terminal_options()))
