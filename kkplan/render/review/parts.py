"""The parts that the page is made of."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.locale import T, Text
from kkplan.render.html import Child, Markup, element


def section(title: Text, *children: Child) -> Markup:
    """A section with its heading."""
    return element("section", element("h2", title), children)


def pill(text: Child, kind: str = "") -> Markup:
    """A word that is seen at a glance: `good`, `bad`, `warn`, or plain."""
    return element("span", text, class_=f"pill {kind}".strip())


def facts(*rows: tuple[Child, Child]) -> Markup:
    """Labels with their values."""
    return element("dl", [(element("dt", label), element("dd", value)) for label, value in rows], class_="facts")


def table(heads: Sequence[Child], rows: Sequence[Sequence[Child]]) -> Markup:
    """A table with a row of headings; it scrolls by itself on a narrow screen."""
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", [element("th", head, scope="col") for head in heads])),
            element("tbody", [element("tr", [element("td", cell) for cell in row]) for row in rows]),
        ),
        class_="scroll",
    )


def code_block(text: str) -> Markup:
    """Text to read or copy; the button appears where the script runs."""
    button = element("button", T("Copy"), type="button", hidden=True, data_done=str(T("Copied")))
    return element("div", element("div", button, class_="bar"), element("pre", element("code", text)), class_="copy")
