"""Options and arguments, declared once for all commands; more come from the modes' questions and the file roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from kkplan.cli.help import (
    BACKUPS,
    CONFIG_FILES,
    ENDPOINT,
    GENERAL,
    OUTPUT,
    PROBES,
    REHEARSAL,
    REPORTS,
    RULES,
    group_of_question,
)
from kkplan.errors import UsageError
from kkplan.locale import LANGUAGES, T, Text, language_named, listed, named
from kkplan.modes.mode import Mode, all_questions, mode_named
from kkplan.modes.question import Answer
from kkplan.plan.dialect import file_roles
from kkplan.use.answers_file import AnswersFile, read_answers

if TYPE_CHECKING:
    from inspect import Parameter


class Declared(NamedTuple):
    """How a command's parameter is typed: its flags (none for an argument), what the value looks like, its help."""

    flags: tuple[str, ...]
    metavar: str | None
    help: Text
    group: Text | str = GENERAL


LANG = "lang"  # every command's, which main has read before
BESIDE = "beside"  # the parameter of a command that reads a config with the files beside it

PARAMETERS: Mapping[str, Declared] = {
    "config": Declared((), "CONFIG", T("KubeKey's config, e.g. config-sample.yaml; - for standard input")),
    "config_file": Declared((), "CONFIG", T("KubeKey's config, e.g. config-sample.yaml")),
    "target": Declared((), "TARGET", T("KubeKey's config (- for standard input), or a saved plan")),
    "verified": Declared(
        (),
        "TARGET",
        T("KubeKey's config (- for standard input), a saved plan, or a folder with the LB servers' files"),
    ),
    "show_form": Declared(("--format",), "text|json|mermaid", T("Output format; json is always in English"), OUTPUT),
    "rules": Declared((), "[RULE…]", T("Rule ids, e.g. KK101")),
    "explain_form": Declared(
        ("--format",), "text|json|markdown", T("Output format; json is always in English"), OUTPUT
    ),
    "name": Declared((), "[NAME]", T("Name of a schema, e.g. cluster.v1alpha2")),
    "shell": Declared((), "bash|zsh|fish", T("Shell to print the script for")),
    "modeline": Declared(
        ("--modeline",), None, T("Print the comment that makes editors check a config against the schema"), OUTPUT
    ),
    "configs": Declared((), "CONFIG…", T("KubeKey configs, or folders to search for them; - for standard input")),
    "select": Declared(("--select",), "RULES", T("Use only these rules, e.g. KK101,KK3 (all of KK3xx)"), RULES),
    "ignore": Declared(("--ignore",), "RULES", T("Ignore these rules"), RULES),
    "fix": Declared(("--fix",), None, T("Fix what has only one right answer; a backup is kept"), RULES),
    "skip_others": Declared(
        ("--skip-others",), None, T("Skip files that are not KubeKey configs, as in a folder"), RULES
    ),
    "check_form": Declared(
        ("--format",), "text|json|sarif|github", T("Output format; all but text are always in English"), OUTPUT
    ),
    "bundle": Declared(
        (), "[PLANFILE|DIR]", T("A saved plan, or a folder with the LB servers' files [default: kkplan-out]")
    ),
    "scenario": Declared(
        ("--scenario",), "NAME", T("Run only this scenario; may be repeated. `list` lists them"), REHEARSAL
    ),
    "repeat": Declared(("--repeat",), "N", T("Number of runs, 1 to 100 [default: 1]"), REHEARSAL),
    "rate": Declared(("--rate",), "N", T("Requests per second, 1 to 100 [default: 50]"), REHEARSAL),
    "anyway": Declared(
        ("--anyway",),
        None,
        T("Run even if haproxy -c or keepalived -t rejects a file, as with those of KubeSphere's guide"),
        REHEARSAL,
    ),
    "after_install": Declared(
        ("--after-install",), None, T("The cluster is installed: query the API servers too"), PROBES
    ),
    "hosts_file": Declared(
        ("--hosts-file",),
        "NODE=FILE",
        T("Check a copy of this node's /etc/hosts; may be repeated. Needs --after-install"),
        PROBES,
    ),
    "watch": Declared(
        ("--watch",), "SECONDS", T("Then probe the endpoint for this long, 1 to 3600 s, and report each outage"), PROBES
    ),
    "timeout": Declared(("--timeout",), "SECONDS", T("Timeout of each probe, 1 to 30 s [default: 2]"), PROBES),
    "strict": Declared(("--strict",), None, T("Also exit with 1 for warnings, or for steps over a limit"), OUTPUT),
    "mode": Declared(
        ("--mode", "-m"),
        "MODE",
        T("HA mode: internal-haproxy, cloud-lb, keepalived or, with KubeKey 4, kube-vip"),
        ENDPOINT,
    ),
    "answers": Declared(
        ("--answers",), "FILE", T("Read answers from a YAML or JSON file; options override it"), ENDPOINT
    ),
    "output_dir": Declared(
        ("--output-dir",), "DIR", T("Folder for the files [default: kkplan-out beside the config]"), OUTPUT
    ),
    "output_format": Declared(("--format",), "text|json", T("Output format; json is always in English"), OUTPUT),
    "detailed_exitcode": Declared(("--detailed-exitcode",), None, T("Exit with 2 if changes are pending"), OUTPUT),
    "out": Declared(("--out",), "PLANFILE", T("Save the plan, for kkplan apply PLANFILE"), OUTPUT),
    "planfile": Declared((), "PLANFILE", T("A saved plan, from kkplan plan CONFIG … --out PLANFILE")),
    "rehearsal": Declared(
        ("--rehearsal",), "FILE", T("Add a rehearsal, from kkplan rehearse PLANFILE --format json"), REPORTS
    ),
    "verification": Declared(
        ("--verification",), "FILE", T("Add a verification, from kkplan verify PLANFILE --format json"), REPORTS
    ),
    "page": Declared(("--out",), "FILE", T("The page to write, e.g. review.html [required]"), OUTPUT),
    "save_answers": Declared(("--save-answers",), "FILE", T("Save the answers, for --answers FILE"), OUTPUT),
    "to": Declared(("--to",), "BACKUP", T("The backup to restore, by its name or path [default: the newest]"), BACKUPS),
    "list_backups": Declared(("--list",), None, T("List the backups and exit"), BACKUPS),
    "full": Declared(("--full",), None, T("Show the contents of new files"), OUTPUT),
    "yes": Declared(("--yes", "-y"), None, T("Write without asking, even with warnings; errors still stop it")),
    "no_input": Declared(("--no-input",), None, T("Never ask; fail if an answer is missing")),
    LANG: Declared(("--lang",), "en|zh", T("Language [default: from the locale]")),
    "version": Declared(("--version",), None, T("Show the version and exit")),
}


def with_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """The command with a signature for typer: declared parameters, an option for each question instead of `**given`, --lang."""

    from inspect import Parameter, Signature, signature  # typer loads it anyway; a plain command line does not need it

    @wraps(command)
    def called(**arguments: Any) -> int | None:
        check_values(arguments)
        return command(**for_command(arguments))

    def optional(name: str, declared: Declared, annotation: Any = str | None) -> Parameter:
        parameter = Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)
        return _typed(parameter, declared)

    parameters = []
    for parameter in signature(command, eval_str=True).parameters.values():
        if parameter.kind is Parameter.VAR_KEYWORD:
            for question in all_questions():
                group = group_of_question(question.name)
                declared = Declared((question.flag,), question.metavar, question.help, group)
                annotation = list[str] | None if question.repeated else str | None
                parameters.append(optional(question.name, declared, annotation))
        elif parameter.name == BESIDE:
            for role in file_roles():
                declared = Declared((f"--{role.name}",), "FILE", role.help, CONFIG_FILES)
                parameters.append(optional(role.name, declared))
        elif parameter.name in PARAMETERS:
            parameters.append(_typed(parameter, PARAMETERS[parameter.name]))
        else:
            parameters.append(parameter)
    parameters.append(optional(LANG, PARAMETERS[LANG]))
    del called.__wrapped__  # typer is to see the new signature, not the old one
    vars(called)["__signature__"] = Signature(parameters)
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called


def _typed(parameter: Parameter, declared: Declared) -> Parameter:
    """The parameter with what typer has to know of it."""
    import typer

    info = (
        typer.Option(
            *declared.flags,
            metavar=declared.metavar,
            help=str(declared.help),
            show_default=False,
            rich_help_panel=str(declared.group),
        )
        if declared.flags
        else typer.Argument(metavar=declared.metavar, help=str(declared.help), show_default=False)
    )
    return parameter.replace(annotation=Annotated[parameter.annotation, info], kind=parameter.POSITIONAL_OR_KEYWORD)


def for_command(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the files of a dialect's roles in one mapping, and without the language, which is in use already."""
    roles = {role.name for role in file_roles()}
    named_files = {name: arguments[name] for name in arguments if name in roles and arguments[name]}
    others = {name: value for name, value in arguments.items() if name not in roles and name != LANG}
    return {**others, BESIDE: named_files} if named_files else others


def check_values(arguments: Mapping[str, Any]) -> None:
    """Check what a command cannot check itself: that no option is empty, and the language, which was read before.

    Raises:
        UsageError: an option is empty, or the language is unknown.
    """
    for name, value in arguments.items():
        flags = PARAMETERS[name].flags if name in PARAMETERS else ()
        if flags and value == "":
            raise UsageError(T("{option} is empty. Give it a value, or remove the option", option=flags[0]))
    language = arguments.get(LANG)
    if language is not None and language_named(language) is None:
        names = listed(LANGUAGES)
        raise UsageError(T("unknown language {name}. Choose one of: {names}", name=named(language), names=names))


def given_answers(given: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers on the command line."""
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


def missing_mode(possible: Sequence[Mode]) -> UsageError:
    """The error for a missing HA mode, with those that the config's KubeKey has."""
    return UsageError(T("--mode is missing. Choose one of: {modes}", modes=listed(mode.name for mode in possible)))
