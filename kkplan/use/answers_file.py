"""Answers from a file instead of from the wizard."""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from kkplan.disk.config_file import read_config
from kkplan.document.node import Entry, Node, Scalar, name_of, resolve_alias
from kkplan.document.node import Mapping as MappingNode
from kkplan.document.node import Sequence as SequenceNode
from kkplan.document.parse import Document, parse
from kkplan.document.refusals import refuse_duplicates
from kkplan.document.scalar import meaning
from kkplan.errors import KkplanError
from kkplan.locale import T, Text, named
from kkplan.modes.mode import Mode, all_questions, modes, no_mode, unfit_answers
from kkplan.modes.question import Answer, Answers

_NO_ANSWERS = T("no answers in this file. Write a mapping, e.g. `mode: keepalived`")


class AnswersError(KkplanError):
    """The file holds no answers."""


class AnswersFile(NamedTuple):
    """The contents of the file.

    Attributes:
        lines: the line of each answer.
    """

    name: str = ""
    mode: str = ""
    answers: Mapping[str, Answer] = MappingProxyType({})
    lines: Mapping[str, int] = MappingProxyType({})

    def refuse_unfit(self, mode: Mode, counting: Container[str]) -> None:
        """Check each answer that is used against the mode; the message names the line."""
        answers = {name: answer for name, answer in self.answers.items() if name in counting}
        for name, problem in unfit_answers(mode, answers, str):
            raise AnswersError(problem, file=self.name, line=self.lines[name])


def read_answers(name: str) -> AnswersFile:
    """The mode and the answers in a YAML or JSON file: `mode: keepalived`, `address: 172.16.0.10`, `lb: [...]`.

    Raises:
        KkplanError: the file cannot be read, or violates schemas/answers.schema.json; the message names the line.
    """
    return _answers_in(read_config(name, "answers").data, name)


def holds_answers(data: bytes) -> bool:
    """Whether these are the bytes of an answers file rather than of a config."""
    try:
        _answers_in(data, "")
    except KkplanError:
        return False
    return True


def _answers_in(data: bytes, name: str) -> AnswersFile:
    document = parse(data, name) if data.strip() else None
    root = document.roots[0] if document is not None and len(document.roots) == 1 else None
    if document is None or not isinstance(root, MappingNode):
        raise AnswersError(_NO_ANSWERS, file=name)
    if document.aliased:
        # Answers need no aliases, and expanding them can take all memory.
        raise AnswersError(T("aliases (*…) are not allowed in answers. Write the value itself"), file=name)
    refuse_duplicates(document, root)
    _check(document, root)
    values = _data(root)
    return AnswersFile(
        name,
        str(values.pop("mode", "")),
        {key: tuple(value) if isinstance(value, list) else str(value) for key, value in values.items()},
        {name_of(entry): document.line_of(entry.key.start) for entry in root.entries},
    )


def _check(document: Document, root: MappingNode) -> None:
    from jsonschema import Draft7Validator

    schema = answers_schema()
    known = schema["properties"]
    for error in Draft7Validator(schema).iter_errors(_data(root)):
        if error.validator == "additionalProperties":
            entry = next(entry for entry in root.entries if name_of(entry) not in known)
            names = ", ".join(known)
            text = T("unknown answer {name}. Choose one of: {names}", name=name_of(entry), names=names)
        else:
            entry = next(entry for entry in root.entries if name_of(entry) == error.absolute_path[0])
            text = _wanted(entry)
        raise AnswersError(text, file=document.name, line=document.line_of(entry.key.start))


def _wanted(entry: Entry) -> Text:
    """What the value must be, if it has another type or is not a mode."""
    name = name_of(entry)
    question = next((question for question in all_questions() if question.name == name), None)
    if question is None:
        value = entry.value.value if isinstance(entry.value, Scalar) else ""
        return no_mode(value or '""')
    if isinstance(entry.value, SequenceNode) and question.repeated:
        problem = question.count_problem(("",) * len(entry.value.items))
        if problem is not None:
            return T("{label}: {text}", label=name, text=problem)
    if question.repeated:
        return T("{name} must be a list of {form}", name=name, form=named(question.metavar))
    if question.integer:
        return T("{name} must be an integer", name=name)
    return T("{name} must be a string, in quotes if it looks like a number", name=name)


def _data(node: Node) -> Any:
    node = resolve_alias(node)
    if isinstance(node, Scalar):
        return meaning(node)
    if isinstance(node, MappingNode):
        return {name_of(entry): _data(entry.value) for entry in node.entries}
    return [_data(item) for item in node.items]  # type: ignore[union-attr]


def answers_schema() -> dict[str, Any]:
    """The JSON Schema of an answers file, made of the modes' questions; schemas/answers.schema.json is a copy."""
    properties: dict[str, Any] = {"mode": {"enum": [mode.name for mode in modes()], "description": "The HA mode."}}
    for question in all_questions():
        text = {"type": ["integer", "string"]} if question.integer else {"type": "string"}
        shape = (
            {"type": "array", "items": text, "minItems": 1, "maxItems": question.at_most} if question.repeated else text
        )
        properties[question.name] = {**shape, "description": question.help.english}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "answers.schema.json",
        "title": "Answers for kkplan",
        "description": "What kkplan's wizard would ask, for --answers.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def answers_text(mode: str, answers: Answers) -> str:
    """The answers as a YAML file that `read_answers` reads."""
    import json

    lines = [f"mode: {mode}\n"]
    for name, answer in answers.items():
        if isinstance(answer, tuple):
            lines += [f"{name}:\n", *(f"  - {json.dumps(text)}\n" for text in answer)]
        else:
            lines.append(f"{name}: {json.dumps(answer)}\n")
    return "".join(lines)
