"""A step of a rehearsal as SVG: when requests were answered, and who held the VIP. Lengths are CSS pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kkplan.locale import T, Text
from kkplan.render.html import Markup, element
from kkplan.render.style import shortened, width_of

LEAD = 0.5  # seconds before the failure
_WIDTH = 440
_ROW = 20
_BAR = 11
_LONGEST = 24  # cells of a label


def timeline(step: Mapping[str, Any], seconds: float, title: Text | str) -> Markup:
    """A row for the client and one for each LB server that held the VIP; 0 s is the failure.

    Args:
        step: of a rehearsal's JSON document.
        seconds: what the drawing is long, the same for all steps of a page.
    """
    names = list(dict.fromkeys(holding["lb"] for holding in step["vip"]))
    client = str(T("requests"))
    labels = [client, *(shortened(str(T("VIP on {lb}", lb=name)), _LONGEST) for name in names)]
    left = max(map(width_of, labels)) * 6.6 + 10
    scale = (_WIDTH - left - 4) / (seconds + LEAD)

    def x(moment: float) -> float:
        return round(left + (min(max(moment, -LEAD), seconds) + LEAD) * scale, 1)

    bottom = _ROW * len(labels) + 2
    parts: list[Markup] = []
    for second in range(0, int(seconds) + 1, max(1, round(seconds / 8))):
        parts.append(element("path", d=f"M{x(second):g} 0V{bottom:g}", class_="fault" if second == 0 else "grid"))
        parts.append(element("text", f"{second} s", x=x(second), y=bottom + 13, class_="tick", text_anchor="middle"))
    for number, label in enumerate(labels):
        parts.append(element("text", label, x=0, y=number * _ROW + 14, class_="label"))
    parts += _bars("answered", -LEAD, step["watched"], 0, x)
    if step["failed"] or step["cut"]:
        parts += _bars("unanswered", step["outageBegan"], step["outageBegan"] + step["outage"], 0, x)
    for number, name in enumerate(names, 1):
        for holding in step["vip"]:
            if holding["lb"] == name:
                until = step["watched"] if holding["until"] is None else holding["until"]
                parts += _bars("held", holding["since"], until, number, x)
    return element(
        "svg",
        element("title", title),
        parts,
        role="img",
        viewBox=f"0 0 {_WIDTH} {bottom + 18}",
        width=_WIDTH,
        height=bottom + 18,
        class_="timeline",
    )


def _bars(kind: str, since: float, until: float, row: int, x: Any) -> Iterator[Markup]:
    start, end = x(since), x(until)
    if end > start:
        yield element(
            "rect", x=start, y=row * _ROW + 4, width=round(max(1.5, end - start), 1), height=_BAR, rx=2, class_=kind
        )
