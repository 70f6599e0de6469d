"""The request path as a Mermaid flowchart, for Markdown pages that render it."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.request_path import Hop
from kkplan.cluster.survival import Survival
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import OutputOptions

_SHOWN_PLACES = 5


def cluster_mermaid(name: str, cluster: Cluster, survival: Survival, options: OutputOptions) -> str:
    """A flowchart from left to right; the last stage is a box for each API server."""
    return "".join(f"{line}\n" for line in ("flowchart LR", *_lines(survival)))


def _lines(survival: Survival) -> Iterator[str]:
    if not survival.road:
        yield f"  nothing[{_quoted(str(survival.effective.summary))}]"
        return
    *stages, last = survival.road
    for number, hop in enumerate(stages):
        yield f"  hop{number}[{_quoted(_label(hop))}]"
    places = last.places[:_SHOWN_PLACES]
    for number, place in enumerate(places):
        yield f"  end{number}[{_quoted(f'{last.name}<br>{place}')}]"
    if len(last.places) > len(places):
        yield f"  end{len(places)}[{_quoted(f'… +{len(last.places) - len(places)}')}]"
    for number in range(1, len(stages)):
        yield f"  hop{number - 1} --> hop{number}"
    for number in range(min(len(last.places), _SHOWN_PLACES + 1)):
        yield f"  hop{len(stages) - 1} --> end{number}"


def _label(hop: Hop) -> str:
    places = [*hop.places[:_SHOWN_PLACES], *["…"] * (len(hop.places) > _SHOWN_PLACES)]
    return "<br>".join([str(hop.name), *places])


def _quoted(text: str) -> str:
    """A label in quotes; Mermaid writes a quote in it as an entity (its documentation of flowcharts)."""
    return '"' + text.replace('"', "#quot;") + '"'


FORMAT = ClusterFormat("mermaid", cluster_mermaid)
