"""The request path as a drawing: in characters for a terminal, as SVG for a page."""

from __future__ import annotations

from kkplan.cluster.request_path import Hop, Node
from kkplan.locale import T

MOST_NODES = 5  # of a hop; more would hide the path


def shown_nodes(hop: Hop, most: int = MOST_NODES) -> tuple[Node, ...]:
    """The nodes that are drawn: all, or the first with one that stands for the others."""
    if len(hop.nodes) <= most:
        return hop.nodes
    left_out = len(hop.nodes) - most + 1
    return (*hop.nodes[: most - 1], Node(str(T("… and {count} more", count=left_out))))
