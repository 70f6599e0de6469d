"""The request path as SVG: arrows lead to what is asked, and to nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from kkplan.cluster.load_balancer import LbHost
from kkplan.cluster.request_path import request_path
from kkplan.disk.config_file import ConfigFile
from kkplan.locale import T
from kkplan.render.topology.svg_drawing import svg_drawing
from kkplan.use.read import read
from tests.conftest import SAMPLES
from tests.rules.conftest import config_text

PAIR = (LbHost("lb1", "172.16.0.2", "eth0"), LbHost("lb2", "172.16.0.3", "eth0"))


def drawn(text: str, lb_hosts: tuple[LbHost, ...] = (), least: float = 0) -> ElementTree.Element:
    reading = read(ConfigFile("c.yaml", text.encode()))
    drawing = svg_drawing(request_path(reading.subject.cluster, reading.effective, lb_hosts), T("Request path"), least)
    assert drawing is not None
    return ElementTree.fromstring(drawing.svg.html)


def sample(name: str) -> str:
    return (SAMPLES / name).read_text()


def boxes(svg: ElementTree.Element, kind: str) -> list[tuple[float, float, float]]:
    """Left, right and top of the boxes of that kind."""
    found = [rect for rect in svg.iter("rect") if kind in rect.attrib["class"].split()]
    return [
        (float(r.attrib["x"]), float(r.attrib["x"]) + float(r.attrib["width"]), float(r.attrib["y"])) for r in found
    ]


def heads(svg: ElementTree.Element, kind: str) -> list[float]:
    """Where arrows end, from the left."""
    paths = [path.attrib["d"] for path in svg.iter("path") if path.attrib["class"] == kind]
    return [
        float(re.findall(r"[-0-9.]+", path)[2 if kind == "head" else 0]) + (6 if kind == "cross" else 0)
        for path in paths
    ]


def test_only_the_one_that_is_asked_has_an_arrow() -> None:
    svg = drawn(sample("keepalived/config-sample.yaml"))
    ((left, right, top),) = boxes(svg, "single")
    assert len(boxes(svg, "idle")) == 2
    assert {box[2] for box in boxes(svg, "idle")} == {top}
    arrows = heads(svg, "head")
    assert len(arrows) == 2
    assert left < arrows[-1] < right


def test_a_pair_has_its_servers_in_it_and_all_api_servers_an_arrow() -> None:
    svg = drawn(sample("keepalived/after.yaml"), PAIR)
    assert [text.text for text in svg.iter("text") if text.attrib["class"] == "name small"] == ["lb1", "lb2"]
    assert len(boxes(svg, "server")) == 2
    assert len(heads(svg, "head")) == 1 + 1 + 3


@pytest.mark.parametrize("port", [6443, 8443])
def test_a_local_haproxy_is_below_its_own_worker(port: int) -> None:
    text = sample("internal-haproxy/after.yaml").replace("port: 6443", f"port: {port}")
    svg = drawn(text)
    lines = [path.attrib["d"] for path in svg.iter("path") if path.attrib["class"].startswith("link")][:3]
    starts = [float(line[1:].split(" ")[0]) for line in lines]
    assert heads(svg, "head" if port == 6443 else "cross")[:3] == pytest.approx(starts)
    assert len(boxes(svg, "unanswered")) == (0 if port == 6443 else 3)


def test_boxes_do_not_overlap_and_lie_in_the_drawing() -> None:
    for name in ("keepalived/after.yaml", "cloud-lb/after.yaml", "internal-haproxy/after.yaml"):
        svg = drawn(sample(name), PAIR, least=600)
        width = float(svg.attrib["width"])
        rows: dict[float, list[tuple[float, float]]] = {}
        for left, right, top in boxes(svg, "node"):
            assert 0 <= left < right <= width
            rows.setdefault(top, []).append((left, right))
        for row in rows.values():
            assert all(one[1] < other[0] for one, other in pairwise(row))


def test_names_are_escaped_and_long_ones_cut() -> None:
    svg = drawn(config_text(f"domain: {'long-' * 20}name.local\naddress: 172.16.0.100"))
    texts = [text.text or "" for text in svg.iter("text")]
    assert any(text.endswith("…") and len(text) == 44 for text in texts)
    assert any("name.local" in (title.text or "") for title in svg.iter("title"))
