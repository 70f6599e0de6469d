"""Rules as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kkplan.locale import T, Verbatim
from kkplan.plan.rule import Rule
from kkplan.render.explanation import SEVERITY_WORDS, ExplanationFormat
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, DIM, SEVERITY_COLOURS, padded, painted, width_of

_LINE = 88
# Where a line may be broken: after a space or beside a Chinese character, but not before closing punctuation.
_WORD = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][，。；：、）”》？！]*\s*")


def pages_text(rules: Sequence[Rule], options: OutputOptions) -> str:
    """A page for each rule, with a blank line between them."""
    return "\n".join("".join(_page(rule, options)) for rule in rules)


def _page(rule: Rule, options: OutputOptions) -> Iterator[str]:
    severity = painted(str(SEVERITY_WORDS[rule.severity]), SEVERITY_COLOURS[rule.severity], colour=options.colour)
    title = painted(str(T("{label}: {text}", label=rule.id, text=rule.title)), BOLD, colour=options.colour)
    yield f"{T('{title} ({severity})', title=Verbatim(title), severity=Verbatim(severity))}\n\n"
    yield from (f"{line}\n" for line in _wrapped(str(rule.why)))
    yield f"\n{painted(str(T('Wrong')), BOLD, colour=options.colour)}\n{_indented(rule.bad)}"
    yield f"\n{painted(str(T('Right')), BOLD, colour=options.colour)}\n{_indented(rule.good)}"
    if rule.fixable:
        yield f"\n{T('kkplan check --fix fixes it if only one value can be meant.')}\n"
    sources = "\n".join(rule.source.split("; "))
    yield f"\n{painted(str(T('Source')), BOLD, colour=options.colour)}\n"
    yield painted(_indented(sources), DIM, colour=options.colour)


def _indented(example: str) -> str:
    return "".join(f"  {line}\n" for line in example.rstrip("\n").split("\n"))


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in _WORD.findall(text):
        if line and width_of(line + word.rstrip()) > _LINE:
            yield line.rstrip()
            line = ""
        line += word
    yield line.rstrip()


def table_text(rules: Sequence[Rule], options: OutputOptions) -> str:
    """Id, severity and title, a line each."""
    width = max((width_of(str(word)) for word in SEVERITY_WORDS.values()), default=0)
    return "".join(
        f"{rule.id}  "
        + painted(
            padded(str(SEVERITY_WORDS[rule.severity]), width), SEVERITY_COLOURS[rule.severity], colour=options.colour
        )
        + f"  {rule.title}\n"
        for rule in rules
    )


FORMAT = ExplanationFormat("text", pages_text, table_text)
