"""Rules as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kkplan.locale import T, Verbatim
from kkplan.plan.rule import Rule
from kkplan.render.explanation import ExplanationFormat
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, DIM, SEVERITY_COLOURS, SEVERITY_WORDS, padded, painted, width_of, wrapped


def pages_text(rules: Sequence[Rule], options: OutputOptions) -> str:
    """A page for each rule, with a blank line between them."""
    return "\n".join("".join(_page(rule, options)) for rule in rules)


def _page(rule: Rule, options: OutputOptions) -> Iterator[str]:
    severity = painted(str(SEVERITY_WORDS[rule.severity]), SEVERITY_COLOURS[rule.severity], colour=options.colour)
    title = painted(str(T("{label}: {text}", label=rule.id, text=rule.title)), BOLD, colour=options.colour)
    head = T("{title} ({severity})", title=Verbatim(title), severity=Verbatim(severity))
    yield wrapped(f"{head}\n\n{rule.why}\n", options.width)
    yield f"\n{painted(str(T('Wrong')), BOLD, colour=options.colour)}\n{_indented(rule.bad)}"
    yield f"\n{painted(str(T('Right')), BOLD, colour=options.colour)}\n{_indented(rule.good)}"
    if rule.fixable:
        yield wrapped(f"\n{T('kkplan check --fix fixes it if only one value can be meant.')}\n", options.width)
    sources = "\n".join(rule.source.split("; "))
    yield f"\n{painted(str(T('Source')), BOLD, colour=options.colour)}\n"
    yield painted(wrapped(_indented(sources), options.width), DIM, colour=options.colour)


def _indented(example: str) -> str:
    return "".join(f"  {line}\n" for line in example.rstrip("\n").split("\n"))


def table_text(rules: Sequence[Rule], options: OutputOptions) -> str:
    """Id, severity and title, a line each."""
    width = max(width_of(str(word)) for word in SEVERITY_WORDS.values())
    return "".join(_row(rule, width, options) for rule in rules)


def _row(rule: Rule, width: int, options: OutputOptions) -> str:
    word = padded(str(SEVERITY_WORDS[rule.severity]), width)
    head = f"{rule.id}  {painted(word, SEVERITY_COLOURS[rule.severity], colour=options.colour)}  "
    return wrapped(f"{head}{rule.title}\n", options.width, width_of(head))


FORMAT = ExplanationFormat("text", pages_text, table_text)
