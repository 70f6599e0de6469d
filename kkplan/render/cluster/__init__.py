"""Output of a cluster: one file per format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.survival import Survival
from kkplan.render.format import OutputOptions


@dataclass(frozen=True)
class ClusterFormat:
    """An output format of a cluster.

    Attributes:
        name: as `--format` takes it.
        show: the config's name, the cluster and what it survives as text, with a newline at the end.
    """

    name: str
    show: Callable[[str, Cluster, Survival, OutputOptions], str]
