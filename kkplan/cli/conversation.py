"""The wizard's questions: forwards, a step back, and a check of each answer at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kkplan.cli.console import error_text
from kkplan.cli.prompts import BACK, Back, ask_select, ask_text, ask_yes_or_back
from kkplan.cluster.cluster import Cluster
from kkplan.errors import KkplanError
from kkplan.locale import T, Text, Verbatim
from kkplan.modes.mode import Mode, mode_named
from kkplan.modes.question import Answer, Answers, Question
from kkplan.plan.finding import Finding, Severity
from kkplan.rules.catalogue import judge
from kkplan.use.make_plan import planned_subject, possible_modes
from kkplan.use.read import Reading


class Conversation:
    """The questions and answers so far.

    Args:
        mode: the mode, if it was given; then it is not asked for.
        given: answers that were given; they are not asked for.

    Attributes:
        answers: all answers so far.
        asks_mode: whether the mode is asked for.
    """

    def __init__(self, reading: Reading, mode: Mode | None, given: Answers) -> None:
        self._reading = reading
        self._mode = mode
        self.asks_mode = mode is None
        self._given = frozenset(given)
        self._asked: list[str] = []  # names of the questions answered here, in order
        # Typed answers are kept, so that a step back and forth loses nothing.
        self._mode_before = ""
        self._typed: dict[str, str] = {}
        self._typed_parts: dict[str, list[dict[str, str]]] = {}
        self._comes_back = False
        self.answers: dict[str, Answer] = dict(given)

    def finish(self) -> Mode:
        """Ask the remaining questions; returns the mode."""
        while True:
            if self._mode is None:
                self._mode = _ask_mode(possible_modes(self._reading), self._mode_before)
                self._mode_before = self._mode.name
            question = self._next(self._mode)
            if question is None:
                return self._mode
            answer = self._ask(self._mode, question)
            if isinstance(answer, Back):
                self.step_back()
            else:
                self._comes_back = False
                self._asked.append(question.name)
                if answer:
                    self.answers[question.name] = answer

    @property
    def can_step_back(self) -> bool:
        """Whether anything was asked."""
        return bool(self._asked) or self.asks_mode

    def choose_mode_again(self) -> None:
        """Go back to the choice of the mode."""
        self._asked.clear()
        self.answers = {name: answer for name, answer in self.answers.items() if name in self._given}
        self._mode = None

    def unfixable(self, errors: Iterable[Finding], mode: Mode | None = None) -> tuple[Finding, ...]:
        """Those of the errors that no answer can fix: errors outside the endpoint that are there without any answer.

        Args:
            mode: the mode that the plan keeps to; by default, the given one or any that can be chosen.
        """
        fixed_mode = mode or (None if self.asks_mode else self._mode)
        among = possible_modes(self._reading) if fixed_mode is None else (fixed_mode,)
        endpoint = self._reading.subject.endpoint
        places = (endpoint.place, *map(endpoint.place_of, ("domain", "address", "port")))
        edited = {(place.file, place.line) for place in places}
        everywhere = [self._errors(one, {}) for one in among]
        return tuple(
            error
            for error in errors
            if error.line
            and (error.file, error.line) not in edited
            and all(error.message.english in found for found in everywhere)
        )

    def refuse_given(self) -> None:
        """Check the given mode and answers as the wizard would."""
        mode = self._mode
        if mode is None:
            return
        planned_subject(self._reading, mode, {})
        for question in mode.questions:
            if question.name in self._given:
                problem = self._judgement(mode, question, self.answers[question.name])
                if problem is not None:
                    raise KkplanError(T("{label}: {text}", label=question.flag, text=problem))

    def step_back(self) -> None:
        """Go back to the last question, or from the first one to the mode. Does nothing if nothing was asked."""
        self._comes_back = True
        if self._asked:
            self.answers.pop(self._asked.pop(), None)
        elif self.asks_mode:
            self._mode = None

    def _next(self, mode: Mode) -> Question | None:
        """The first relevant question that was neither given nor asked yet."""
        done = self._given.union(self._asked)
        return next((q for q in mode.questions if q.in_wizard and q.name not in done and q.asked(self.answers)), None)

    def _ask(self, mode: Mode, question: Question) -> Answer | Back:
        if question.repeated:
            return self._ask_repeated(mode, question)
        subject = self._reading.subject
        default = question.default(subject.cluster, subject.endpoint, self.answers)
        example = question.example(subject.cluster, subject.endpoint)

        def problem(text: str) -> Text | None:
            if not text and (question.skippable or not question.required(self.answers)):
                return None
            found = question.problem(text)
            if found is not None and example:
                return T("{problem}. Example: {example}", problem=found, example=example)
            return found or self._judgement(mode, question, text)

        prompt = _prompt(question, subject.cluster, example)
        answer = ask_text(prompt, self._typed.get(question.name, default), problem)
        if isinstance(answer, Back):
            return answer
        self._typed[question.name] = answer
        # A default needs no option on the command line.
        return "" if answer == default else answer

    def _ask_repeated(self, mode: Mode, question: Question) -> Answer | Back:
        """Ask the parts of each answer; Esc goes back a part, and at the very first a question."""
        typed = self._typed_parts.setdefault(question.name, [])
        servers: list[dict[str, str]] = [dict(parts) for parts in typed] if self._comes_back and typed else [{}]
        while True:
            parts = servers[-1]
            if len(parts) < len(question.fields):
                answer = self._ask_field(mode, question, servers, typed)
                if isinstance(answer, Back):
                    if not _forget_last_part(servers, question):
                        return BACK
                else:
                    parts[question.fields[len(parts)].name] = answer
                    typed[len(servers) - 1 : len(servers)] = [{**_at(typed, len(servers) - 1), **parts}]
            elif len(servers) < question.at_least:
                servers.append({})
            else:
                more = len(servers) < question.at_most and ask_yes_or_back(
                    T("Add another LB server?"), default=len(servers) < len(typed)
                )
                if isinstance(more, Back):
                    parts.popitem()
                elif more:
                    servers.append({})
                else:
                    del typed[len(servers) :]
                    return tuple(question.compose(server) for server in servers)

    def _ask_field(
        self, mode: Mode, question: Question, servers: list[dict[str, str]], typed: list[dict[str, str]]
    ) -> str | Back:
        earlier, parts = servers[:-1], servers[-1]
        field = question.fields[len(parts)]
        default = _at(typed, len(earlier)).get(field.name, field.default(earlier))

        def problem(text: str) -> Text | None:
            found = field.problem(text)
            if found is not None:
                return found
            guessed = {other.name: other.default(earlier) for other in question.fields}
            whole = question.compose({**guessed, **parts, field.name: text})
            if question.problem(whole) is not None:
                return None  # a later part is still missing
            composed = (*(question.compose(server) for server in earlier), whole)
            found = self._judgement(mode, question, composed)
            # An earlier answer may be the wrong one.
            return T("{problem}. Esc goes back to earlier answers", problem=found) if found is not None else None

        prompt = T("{question} {number}: {part}", question=question.prompt, number=len(servers), part=field.prompt)
        return ask_text(prompt, default, problem)

    def _judgement(self, mode: Mode, question: Question, answer: Answer) -> Text | None:
        """The first error that the answer causes; errors that do not depend on it come with the plan."""
        others = {name: given for name, given in self.answers.items() if name != question.name}
        try:
            anyway = self._errors(mode, others, question.judged_by)
            found = self._errors(mode, {**others, question.name: answer}, question.judged_by)
        except KkplanError as error:
            return T("{problem}", problem=Verbatim(error_text(error)))
        return next((message for english, message in found.items() if english not in anyway), None)

    def _errors(self, mode: Mode, answers: Answers, rules: Iterable[str] | None = None) -> dict[str, Text]:
        """The errors of the plan by these rules, or by all: message in English → message."""
        subject = planned_subject(self._reading, mode, answers)
        return {
            finding.message.english: finding.message
            for finding in judge(subject, self._reading.dialect.name, rules)
            if finding.severity is Severity.ERROR
        }


def _forget_last_part(servers: list[dict[str, str]], question: Question) -> bool:
    """Go back to the part before, or to "Add another LB server?"; False if there is no step before."""
    if servers[-1]:
        servers[-1].popitem()
        return True
    if len(servers) == 1:
        return False
    servers.pop()
    if len(servers) < question.at_least:
        servers[-1].popitem()
    return True


def _prompt(question: Question, cluster: Cluster, example: str) -> Text:
    """The question with what the cluster adds to it."""
    prompt, hint = question.prompt, question.hint(cluster)
    if hint is not None:
        prompt = T("{question} ({hint})", question=prompt, hint=hint)
    if example:
        prompt = T("{question}, e.g. {example}", question=prompt, example=example)
    return prompt


def _at(typed: list[dict[str, str]], number: int) -> dict[str, str]:
    return typed[number] if number < len(typed) else {}


def _ask_mode(possible: Sequence[Mode], before: str) -> Mode:
    choices = [(mode.name, mode.name, T("{title}. {when}", title=mode.title, when=mode.when)) for mode in possible]
    while True:
        answer = ask_select(T("Which HA mode?"), choices, before or None)
        if not isinstance(answer, Back):
            return mode_named(answer)
