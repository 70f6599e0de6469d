"""`kkplan wizard`: ask for the answers, then plan and apply as the commands do."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NamedTuple

from kkplan.cli.apply import write
from kkplan.cli.console import emit, error_text, is_interactive, terminal_options
from kkplan.cli.conversation import Conversation
from kkplan.cli.next_steps import in_lines, in_words, steps_after_apply, steps_to_apply
from kkplan.cli.options import collect
from kkplan.cli.plan import NO_PLAN, save_plan
from kkplan.cli.prompts import Back, ask_letter, ask_text, ask_yes_or_back
from kkplan.disk.config_file import STDIN, read_config
from kkplan.disk.whole_file import refuse_other_files, write_whole
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.invocation import own_command
from kkplan.locale import T, Text, Verbatim, named
from kkplan.modes.mode import all_questions, refuse_unfit
from kkplan.modes.question import flag_of
from kkplan.plan.dialect import file_roles
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.cluster.in_brief import cluster_in_brief
from kkplan.render.format import format_named
from kkplan.render.plan import PlanFormat
from kkplan.render.style import wrapped
from kkplan.rules.catalogue import judge
from kkplan.rules.kk202_unfit_folder import RULE as UNFIT_FOLDER
from kkplan.use.answers_file import answers_text, holds_answers
from kkplan.use.apply_plan import refuse_errors
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import NamedFiles, Reading, read
from kkplan.use.saved_plan import holds_plan

DEFAULT_CONFIG = "config-sample.yaml"
DEFAULT_PLAN = "ha.plan"
TEXT = format_named(PlanFormat, "text")
_INTRODUCTION = T(
    "kkplan sets the control plane endpoint in KubeKey's config. Do this before Kubernetes and KubeSphere are "
    "installed together: existing clusters are not changed.\n"
    "Esc goes back a step, Ctrl-C quits; nothing is written before you confirm."
)
_FIX_FIRST = T(
    "Fix the errors first: change an answer here, or press Esc to go further back. "
    "Press Ctrl-C to quit and edit the file."
)
_OTHER_MODE = T("No answer can fix these errors in this mode. Choose another mode, or press Ctrl-C and edit the file.")
_NO_ANSWERS = T("this file exists and is not an answers file, so it was not changed. Choose another name")


def wizard(
    config_file: str | None = None,
    mode: str | None = None,
    answers: str | None = None,
    output_dir: str | None = None,
    save_answers: str | None = None,
    full: bool = False,
    no_input: bool = False,
    beside: NamedFiles | None = None,
    **given: Any,
) -> int:
    """Ask, plan, show, ask again, write."""
    if no_input or not is_interactive():
        raise no_terminal()
    wanted_mode, collected = collect(mode, answers, given)
    if save_answers:
        refuse_other_files(Path(save_answers), holds_answers, _NO_ANSWERS)
    if wanted_mode is not None:
        refuse_unfit(wanted_mode, collected)
    reading = choose_config(config_file, beside)
    width = get_terminal_size().columns
    cluster = cluster_in_brief(reading.subject.cluster, reading.effective, reading.file.name)
    emit(wrapped(f"{_INTRODUCTION}\n\n{cluster}\n", width))
    conversation = Conversation(reading, wanted_mode, collected)
    conversation.refuse_given()
    today = judge(reading.subject, reading.dialect.name)
    refuse_unfixable(conversation.unfixable(one for one in today if one.severity is Severity.ERROR))
    agreed = agree(reading, conversation, output_dir or "", full)
    plan, steps = agreed.plan, ""
    is_agreed = agreed.writes or bool(agreed.plan_file)
    try:
        if agreed.writes:
            to_install = steps_after_apply(plan, reading)
            write(plan, reading, TEXT)
            steps = in_words(to_install, width)
        elif agreed.plan_file:
            save_plan(plan, Path(agreed.plan_file), reading)
            emit(f"{T('Written: {file}. The config was not changed.', file=named(agreed.plan_file))}\n")
            steps = in_words(steps_to_apply(plan, agreed.plan_file), width)
        else:
            emit(f"{T('Nothing was written.')}\n")
        if save_answers and is_agreed:
            text = answers_text(plan.mode, conversation.answers)
            write_whole(Path(save_answers), text.encode(), holds_answers, _NO_ANSWERS)
    finally:
        # Also after a write error, so that the answers are not lost.
        command = in_lines(command_line(plan, beside or {}, agreed.output_dir), width)
        emit(f"{steps}\n{T('The same command without questions:')}\n{command}\n")
    return EXIT_OK if is_agreed else EXIT_FAILED


class Agreement(NamedTuple):
    """How the conversation ended.

    Attributes:
        output_dir: the output folder; "" for kkplan-out beside the config.
        writes: the plan is to be carried out.
        plan_file: the file to save the plan to instead; "" for none.
    """

    plan: Plan
    output_dir: str
    writes: bool
    plan_file: str = ""


def agree(reading: Reading, conversation: Conversation, output_dir: str, full: bool) -> Agreement:
    """Ask and show the plan until the user decides; Esc and errors go back to the questions.

    If the output folder cannot be used, the wizard asks for another one.

    Raises:
        KkplanError: the plan has errors that no answer fixes, or that no answer has fixed.
    """
    errors_before: tuple[Finding, ...] = ()
    while True:
        mode = conversation.finish()
        plan = make_plan(reading, Request(mode, conversation.answers, output_dir))
        emit("\n" + TEXT.plan(plan, terminal_options(full=full)))
        errors = plan.open_findings(Severity.ERROR)
        if any(error.id == UNFIT_FOLDER.id for error in errors):
            folder = ask_text(
                T("Folder for the files; fix this one, or choose another"), plan.output_dir, lambda _: None
            )
            if isinstance(folder, Back):
                conversation.step_back()
            elif folder != plan.output_dir:
                output_dir = folder
            continue
        refuse_unfixable(conversation.unfixable(errors))
        if errors == errors_before or not conversation.can_step_back:
            refuse_errors(plan)
        errors_before = errors
        if errors and conversation.asks_mode and conversation.unfixable(errors, mode):
            _say(_OTHER_MODE)
            conversation.choose_mode_again()
        elif errors:
            _say(_FIX_FIRST)
            conversation.step_back()
        elif not plan.changes_anything:
            return Agreement(plan, output_dir, writes=True)
        else:
            decision = _decision()
            if not isinstance(decision, Back):
                return Agreement(plan, output_dir, *decision)
            conversation.step_back()


def _decision() -> tuple[bool, str] | Back:
    """Whether to write, and the file to save the plan to instead; Esc at its name asks again."""
    while True:
        answer = ask_letter(T("Write these changes? (y/N, s: save the plan)"), "yns", "n")
        if isinstance(answer, Back) or answer == "y":
            return answer if isinstance(answer, Back) else (True, "")
        saves = True if answer == "s" else ask_yes_or_back(T("Save the plan, to review or apply it later?"))
        if saves is False:
            return False, ""
        file = saves if isinstance(saves, Back) else ask_text(T("File for the plan"), DEFAULT_PLAN, _plan_file_problem)
        if not isinstance(file, Back):
            return False, file


def _plan_file_problem(name: str) -> Text | None:
    if not name:
        return T("a file name is needed, e.g. {file}", file=DEFAULT_PLAN)
    try:
        refuse_other_files(Path(name), holds_plan, NO_PLAN)
    except KkplanError as error:
        return T("{problem}", problem=Verbatim(error_text(error)))
    return None


def refuse_unfixable(errors: Sequence[Finding]) -> None:
    """Show errors that only an edit of the file fixes, with what to do."""
    if not errors:
        return
    _say(T("No answer can fix this; the file has to be edited:"))
    for error in errors:
        label = named(f"{error.id} {error.file}:{error.line}")
        _say(f"  {T('{label}: {text}', label=label, text=error.message)}\n      -> {error.advice}")
    raise KkplanError(
        T(
            "fix {ids} in the file, then run kkplan again. Nothing was written",
            ids=", ".join(sorted({error.id for error in errors})),
        ),
        file=errors[0].file,
        line=errors[0].line,
    )


def _say(text: Text | str) -> None:
    emit(wrapped(f"{text}\n", get_terminal_size().columns))


def choose_config(config: str | None, beside: NamedFiles | None = None) -> Reading:
    """The named config, or the one with its usual name in the current folder; asks if neither exists.

    Raises:
        KkplanError: the file that was named is no config.
    """
    if config == STDIN:
        raise UsageError(T("the wizard asks on standard input, so the config must be a file"))
    usual = [role for role in file_roles() if role.config_name and Path(role.config_name).exists()]
    # A common name counts only beside the files of its dialect.
    here = [role.config_name for role in usual if Path(role.file_name).exists()]
    found = config or (DEFAULT_CONFIG if Path(DEFAULT_CONFIG).exists() else next(iter(here), None))
    if found is not None:
        return read(read_config(found), beside)
    proposed = usual[0].config_name if usual else DEFAULT_CONFIG
    answer = ask_text(T("KubeKey's config"), proposed, lambda name: _config_problem(name, beside))
    if isinstance(answer, Back):
        raise Interrupted(T("interrupted; nothing was written"))
    return read(read_config(answer), beside)


def _config_problem(name: str, beside: NamedFiles | None) -> Text | None:
    try:
        if name == STDIN:
            return T("{value} is not a file", value=named(name))
        read(read_config(name), beside)
    except KkplanError as error:
        return T("{problem}", problem=Verbatim(error_text(error)))
    return None


def no_terminal() -> KkplanError:
    """The error without a terminal, with the command to run instead."""
    flags = " ".join(question.flag for question in all_questions())
    return KkplanError(
        T(
            "the wizard needs a terminal. Without one, run: kkplan apply CONFIG --mode MODE --yes with the options "
            "of the mode ({flags}), or with --answers FILE",
            flags=named(flags),
        )
    )


def command_line(plan: Plan, beside: NamedFiles, output_dir: str) -> str:
    """The command that does the same without questions."""
    words = ["--mode", plan.mode]
    for role, file in beside.items():
        words += [f"--{role}", _as_value(file)]
    for name, answer in plan.answers:
        for text in answer if isinstance(answer, tuple) else (answer,):
            words += [flag_of(name), text]
    if output_dir:
        words += ["--output-dir", _as_value(output_dir)]
    if any(word.partition("=")[0] == "--lang" for word in sys.argv):
        words += ["--lang", plan.language]
    return f"{own_command()} apply {shell_path(plan.config.name)} {shlex.join([*words, '--yes'])}"


def _as_value(path: str) -> str:
    """The path as the value of an option, and no option itself."""
    return f"./{path}" if path.startswith("-") else path
