"""Options and arguments: declared once for all commands; the others are made of the modes' questions and file roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from kkplan.errors import UsageError
from kkplan.locale import LANGUAGES, T, Text, named
from kkplan.modes.mode import Mode, all_questions, mode_named, modes
from kkplan.modes.question import Answer, Question
from kkplan.plan.dialect import file_roles
from kkplan.use.answers_file import AnswersFile, read_answers

if TYPE_CHECKING:
    from inspect import Parameter


class Declared(NamedTuple):
    """How a command's parameter is typed: its flags (none for an argument), what the value looks like, its help."""

    flags: tuple[str, ...]
    metavar: str | None
    help: Text


BESIDE = "beside"  # the parameter of a command that reads a config with the files beside it

PARAMETERS: Mapping[str, Declared] = {
    "config": Declared((), "CONFIG", T("KubeKey's config, e.g. config-sample.yaml; - for standard input")),
    "target": Declared((), "TARGET", T("KubeKey's config, - for standard input, or a saved plan")),
    "show_form": Declared(("--format",), "text|json|mermaid", T("Form of the output; json is in English always")),
    "rules": Declared((), "[RULE…]", T("Rules by their ids, e.g. KK101")),
    "explain_form": Declared(("--format",), "text|json|markdown", T("Form of the output; json is in English always")),
    "name": Declared((), "[NAME]", T("A schema by its name, e.g. cluster.v1alpha2")),
    "shell": Declared((), "bash|zsh|fish", T("The shell that is to complete")),
    "modeline": Declared(("--modeline",), None, T("Print the comment that makes editors check a config by the schema")),
    "configs": Declared((), "CONFIG…", T("KubeKey's configs, or folders to search for them; - for standard input")),
    "select": Declared(("--select",), "RULES", T("Use these rules only, e.g. KK101,KK3 (all of KK3xx)")),
    "ignore": Declared(("--ignore",), "RULES", T("Leave these rules out")),
    "fix": Declared(("--fix",), None, T("Mend what no person has to decide; a backup is kept")),
    "skip_others": Declared(
        ("--skip-others",), None, T("Leave files out that are no configs of KubeKey, as in a folder")
    ),
    "check_form": Declared(
        ("--format",), "text|json|sarif|github", T("Form of the output; all but text are in English always")
    ),
    "bundle": Declared(
        (), "[PLANFILE|DIR]", T("A saved plan, or a folder with the files of the LB servers; ./kkplan-out without it")
    ),
    "scenario": Declared(
        ("--scenario",), "NAME", T("Play this one only; several times for several. `list` lists them")
    ),
    "repeat": Declared(("--repeat",), "N", T("Play all of it so many times, 1 to 100")),
    "rate": Declared(("--rate",), "N", T("Requests a second, 1 to 100; 50 without it")),
    "anyway": Declared(
        ("--anyway",), None, T("Play also where haproxy -c or keepalived -t refuses a file, as with the guide's own")
    ),
    "after_install": Declared(("--after-install",), None, T("The cluster is installed: ask the API servers too")),
    "watch": Declared(
        ("--watch",), "SECONDS", T("Then probe the endpoint for so long, 1 to 3600 s, and report each outage")
    ),
    "timeout": Declared(("--timeout",), "SECONDS", T("Patience with each probe, 1 to 30 s; 2 without it")),
    "strict": Declared(("--strict",), None, T("Exit with 1 for warnings, or for what goes over a limit, too")),
    "mode": Declared(
        ("--mode", "-m"), "MODE", T("HA mode: internal-haproxy, cloud-lb, keepalived or, with KubeKey 4, kube-vip")
    ),
    "answers": Declared(("--answers",), "FILE", T("Answers from a YAML or JSON file; options win over it")),
    "output_dir": Declared(("--output-dir",), "DIR", T("Folder for the files; kkplan-out beside the config")),
    "output_format": Declared(("--format",), "text|json", T("Form of the output; json is in English always")),
    "detailed_exitcode": Declared(("--detailed-exitcode",), None, T("Exit with 2 when there are changes to make")),
    "out": Declared(("--out",), "PLANFILE", T("Save the plan, for: kkplan apply PLANFILE")),
    "save_answers": Declared(("--save-answers",), "FILE", T("Save the answers, for: --answers FILE")),
    "to": Declared(("--to",), "BACKUP", T("The backup to restore, by its name or path [default: the newest]")),
    "list_backups": Declared(("--list",), None, T("List the backups and exit")),
    "full": Declared(("--full",), None, T("Show the contents of new files in a terminal too")),
    "yes": Declared(("--yes", "-y"), None, T("Write without asking, warnings or not; errors still stop it")),
    "no_input": Declared(("--no-input",), None, T("Never ask; fail where an answer is missing")),
    "lang": Declared(("--lang",), "en|zh", T("Language; that of the locale")),
    "version": Declared(("--version",), None, T("Show the version and exit.")),
}


def with_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """The command as typer wants it: declared parameters, and an option for each question in place of `**given`."""

    from inspect import Parameter, Signature, signature  # typer loads it anyway; a plain command line does without

    @wraps(command)
    def called(**arguments: Any) -> int | None:
        check_language(arguments.get("lang"))
        return command(**with_files_beside(arguments))

    parameters = []
    for parameter in signature(command, eval_str=True).parameters.values():
        if parameter.kind is Parameter.VAR_KEYWORD:
            parameters += [_question_parameter(question) for question in all_questions()]
        elif parameter.name == BESIDE:
            parameters += [_option_parameter(role.name, f"--{role.name}", "FILE", role.help) for role in file_roles()]
        else:
            parameters.append(_declared_parameter(parameter))
    del called.__wrapped__  # typer is to see the new signature, not the old one
    vars(called)["__signature__"] = Signature(parameters)
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called


def _declared_parameter(parameter: Parameter) -> Parameter:
    if parameter.name not in PARAMETERS:
        return parameter
    import typer

    declared = PARAMETERS[parameter.name]
    info = (
        typer.Option(*declared.flags, metavar=declared.metavar, help=str(declared.help), show_default=False)
        if declared.flags
        else typer.Argument(metavar=declared.metavar, help=str(declared.help), show_default=False)
    )
    return parameter.replace(annotation=Annotated[parameter.annotation, info], kind=parameter.POSITIONAL_OR_KEYWORD)


def _question_parameter(question: Question) -> Parameter:
    return _option_parameter(question.name, question.flag, question.metavar, question.help, question.repeated)


def _option_parameter(name: str, flag: str, metavar: str, help_text: Text, repeated: bool = False) -> Parameter:
    from inspect import Parameter

    import typer

    info = typer.Option(flag, metavar=metavar, help=str(help_text), show_default=False)
    annotation = Annotated[list[str] | None, info] if repeated else Annotated[str | None, info]
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)


def with_files_beside(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the files that were named for a dialect's roles in one mapping, where there are any."""
    named_files = {role.name: arguments[role.name] for role in file_roles() if arguments.get(role.name)}
    others = {name: value for name, value in arguments.items() if name not in {role.name for role in file_roles()}}
    return {**others, BESIDE: named_files} if named_files else others


def check_language(value: str | None) -> None:
    """`--lang` was read before anything else; here it is only made sure that it is one.

    Raises:
        UsageError: it is none.
    """
    if value is not None and value not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise UsageError(T("no language is named {name}. Choose one of: {names}", name=named(value), names=names))


def given_answers(given: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers that stand on the command line."""
    answers: dict[str, Answer] = {}
    for name, value in given.items():
        if isinstance(value, str):
            answers[name] = value.strip()
        elif isinstance(value, Sequence) and value:
            answers[name] = tuple(text.strip() for text in value)
    return answers


def collect(mode: str | None, answers: str | None, given: Mapping[str, Any]) -> tuple[Mode | None, dict[str, Answer]]:
    """The mode and the answers, from the command line first and the answers file second; the mode may be missing."""
    from_file = read_answers(answers) if answers else AnswersFile()
    name = mode or from_file.mode
    wanted = mode_named(name) if name else None
    typed = given_answers(given)
    if wanted is not None:
        from_file.refuse_unfit(wanted, from_file.answers.keys() - typed.keys())
    return wanted, {**from_file.answers, **typed}


def missing_mode() -> UsageError:
    """Nobody said which way to go."""
    return UsageError(T("--mode is missing. Choose one of: {modes}", modes=", ".join(mode.name for mode in modes())))
