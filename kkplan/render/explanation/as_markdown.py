"""Rules as Markdown: the pages in docs/rules are made with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kkplan.locale import T
from kkplan.plan.rule import Rule
from kkplan.render.explanation import ExplanationFormat
from kkplan.render.format import OutputOptions
from kkplan.render.style import SEVERITY_WORDS


def pages_markdown(rules: Sequence[Rule], options: OutputOptions) -> str:
    """A page for each rule, one after the other."""
    return "\n".join("".join(_page(rule)) for rule in rules)


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {T('{label}: {text}', label=rule.id, text=rule.title)}\n\n"
    yield f"{T('{label}: {text}', label=T('Severity'), text=SEVERITY_WORDS[rule.severity])}\n\n"
    yield f"{rule.why}\n\n"
    yield f"## {T('Wrong')}\n\n{_fenced(rule.bad)}\n"
    yield f"## {T('Right')}\n\n{_fenced(rule.good)}\n"
    if rule.fixable:
        yield f"{T('kkplan check --fix fixes it if only one value can be meant.')}\n\n"
    yield f"## {T('Source')}\n\n" + "".join(f"- {source}\n" for source in rule.source.split("; "))


def _fenced(example: str) -> str:
    language = "" if example.startswith("$ ") else "yaml"
    return f"```{language}\n{example.rstrip()}\n```\n"


def table_markdown(rules: Sequence[Rule], options: OutputOptions) -> str:
    """A table with links to the pages beside it."""
    head = f"| {T('rule')} | {T('severity')} | {T('finding')} | {T('source')} |\n|---|---|---|---|\n"
    return head + "".join(
        f"| [{rule.id}]({rule.id}.md) | {SEVERITY_WORDS[rule.severity]} | {_cell(str(rule.title))} | {_cell(rule.source)} |\n"
        for rule in rules
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


FORMAT = ExplanationFormat("markdown", pages_markdown, table_markdown)
