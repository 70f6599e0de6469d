"""What an HA mode is: its questions, the endpoint that it wants, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import Endpoint, WantedEndpoint
from kkplan.cluster.load_balancer import LoadBalancer
from kkplan.errors import UsageError
from kkplan.locale import T, Text, Verbatim, listed, named
from kkplan.modes.question import Answer, Answers, Question, flag_of
from kkplan.parts import part_names
from kkplan.plan.artifact import Artifact
from kkplan.plan.installation import Installation


class Mode:
    """An HA mode; one without files or a load balancer of your own needs only `wanted`.

    Attributes:
        name: as `--mode` takes it.
        rank: its place among the modes, for help and wizard; the simplest first.
        title: its name for people.
        when: when to choose it, in a line.
        questions: what it has to know, in the order the wizard asks.
        written_names: the paths of its artifacts; `*` for the folder of an LB server.
    """

    name: str
    rank: int
    title: Text
    when: Text
    questions: tuple[Question, ...]
    written_names: tuple[str, ...] = ()

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """The endpoint that it wants; answers may still be missing."""
        raise NotImplementedError

    def load_balancer(self, answers: Answers) -> LoadBalancer:
        """Your own load balancer, as far as it is answered."""
        return LoadBalancer()

    def advice(self, output_dir: str) -> Sequence[Text]:
        """What a person does between `apply` and the install, one step a text; the commands are in use/next_steps.py."""
        return ()

    def artifacts(
        self, cluster: Cluster, today: Endpoint, answers: Answers, installation: Installation
    ) -> tuple[Artifact, ...]:
        """The files beside the config; answers are complete."""
        return ()


@cache
def modes() -> tuple[Mode, ...]:
    """Every mode: each package inside this one has one as MODE."""
    package = import_module(__package__)
    found: list[Mode] = [import_module(f"{__package__}.{name}").MODE for name in part_names(package, packages=True)]
    return tuple(sorted(found, key=lambda mode: mode.rank))


def written_names() -> tuple[str, ...]:
    """Every path in the output folder that a mode writes: kkplan removes no others."""
    return tuple(name for mode in modes() for name in mode.written_names)


def mode_named(name: str) -> Mode:
    """The mode of that name.

    Raises:
        UsageError: the name is unknown.
    """
    for mode in modes():
        if mode.name == name:
            return mode
    raise UsageError(no_mode(name))


def no_mode(name: str) -> Text:
    """The message for an unknown mode."""
    return T(
        "unknown HA mode {name}. Choose one of: {modes}",
        name=named(name),
        modes=listed(mode.name for mode in modes()),
    )


def all_questions() -> tuple[Question, ...]:
    """The questions of all modes, each name once: in the order of the last mode, then of those before it."""
    by_name = {question.name: question for mode in reversed(modes()) for question in mode.questions}
    return tuple(by_name.values())


def check_answers(mode: Mode, answers: Answers) -> None:
    """Check each answer against the mode, and that none is missing.

    Raises:
        UsageError: an answer does not fit, or is missing.
    """
    refuse_unfit(mode, answers)
    own = {question.name: question for question in mode.questions}
    missing = [question for question in mode.questions if question.name not in answers and question.required(answers)]
    if missing:
        names = [question.name for question in missing]
        # A question and its alternative are one need, reported once.
        first = [question for place, question in enumerate(missing) if question.instead not in names[:place]]
        needs = ", ".join(str(_need(question, own)) for question in first)
        raise UsageError(T("mode {mode} needs {needs}", mode=mode.name, needs=named(needs)))


def refuse_unfit(mode: Mode, answers: Answers) -> None:
    """Check each answer against the mode, and that they can be used together; some may be missing.

    Raises:
        UsageError: an answer does not fit.
    """
    for _, problem in unfit_answers(mode, answers, flag_of):
        raise UsageError(problem)
    own = {question.name: question for question in mode.questions}
    for name, other in ((name, other) for name in answers for other in answers if name != other):
        if not own[name].asked({other: answers[other]}):
            raise UsageError(
                T("{flag} cannot be used with {other}. Remove one of them", flag=flag_of(name), other=flag_of(other))
            )


def unfit_answers(mode: Mode, answers: Answers, label: Callable[[str], str]) -> Iterator[tuple[str, Text]]:
    """The answers that do not fit the mode, each by itself: the name, and what is wrong with it.

    Args:
        label: what the answer of that name is called where it was given.
    """
    own = {question.name: question for question in mode.questions}
    for name, answer in answers.items():
        if name not in own:
            yield name, T("{name} cannot be used with mode {mode}", name=label(name), mode=mode.name)
            continue
        for problem in _problems(own[name], answer):
            yield name, T("{label}: {text}", label=label(name), text=problem)


def _problems(question: Question, answer: Answer) -> Iterator[Text]:
    texts = answer if isinstance(answer, tuple) else (answer,)
    found = (question.count_problem(answer), *map(question.problem, texts))
    yield from (problem for problem in found if problem is not None)


def _need(question: Question, questions: Mapping[str, Question]) -> Text | Verbatim:
    """The option for the question, as typed, with its alternative."""
    option = named(f"{question.flag} {question.metavar}")
    if question.instead:
        instead = questions[question.instead]
        return T("{option} or {instead}", option=option, instead=named(f"{instead.flag} {instead.metavar}"))
    if question.repeated:
        return T("{option} (at least {count} times)", option=option, count=question.at_least)
    return option
