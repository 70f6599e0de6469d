"""`kkplan wizard`: the same plan and the same apply, with the answers asked for one by one."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from kkplan.cli.apply import write
from kkplan.cli.console import emit, error_text, is_interactive
from kkplan.cli.conversation import Conversation
from kkplan.cli.options import collect
from kkplan.cli.plan import terminal_options
from kkplan.cli.prompts import Back, ask_text, ask_yes_or_back
from kkplan.disk.config_file import STDIN, read_config
from kkplan.disk.whole_file import refuse_other_files, write_whole
from kkplan.errors import EXIT_FAILED, EXIT_OK, Interrupted, KkplanError, UsageError
from kkplan.locale import T, Text, Verbatim, named
from kkplan.modes.mode import all_questions, refuse_unfit
from kkplan.modes.question import flag_of
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.cluster.in_brief import cluster_in_brief
from kkplan.render.plan import plan_format
from kkplan.render.style import wrapped
from kkplan.rules.kk202_unfit_folder import RULE as UNFIT_FOLDER
from kkplan.use.answers_file import answers_text, holds_answers
from kkplan.use.apply_plan import refuse_errors
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import Reading, read

DEFAULT_CONFIG = "config-sample.yaml"
TEXT = plan_format("text")


_NO_ANSWERS = T("there is a file already that holds no answers; it was not touched. Choose another name")


def wizard(
    config: str | None = None,
    mode: str | None = None,
    answers: str | None = None,
    output_dir: str | None = None,
    save_answers: str | None = None,
    full: bool = False,
    no_input: bool = False,
    beside: Mapping[str, str] | None = None,
    lang: str | None = None,
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
    reading = choose_config(config, beside)
    width = get_terminal_size().columns
    emit(
        wrapped(
            f"{introduction()}\n\n{cluster_in_brief(reading.subject.cluster, reading.effective, reading.file.name)}\n",
            width,
        )
    )
    conversation = Conversation(reading, wanted_mode, collected)
    conversation.refuse_given()
    agreed, plan, output_dir = agree(reading, conversation, output_dir or "", full)
    try:
        if agreed:
            write(plan, reading, TEXT)
            if save_answers:
                text = answers_text(plan.mode, conversation.answers)
                write_whole(Path(save_answers), text.encode(), holds_answers, _NO_ANSWERS)
        else:
            emit(f"{T('Nothing was written.')}\n")
    finally:
        # Also where it could not be written: what was typed is not lost.
        emit(f"{T('The same without questions:')}\n  {command_line(plan, beside or {}, output_dir, lang)}\n")
    return EXIT_OK if agreed else EXIT_FAILED


def agree(reading: Reading, conversation: Conversation, output_dir: str, full: bool) -> tuple[bool, Plan, str]:
    """Ask and show the plan until the person says yes or no to it; Esc goes back to the questions, and so does an error.

    Where the output folder cannot be used, another one is asked for.

    Returns:
        The answer, the plan, and the output folder; "" for kkplan-out beside the config.

    Raises:
        KkplanError: the plan has errors that no answer has mended.
    """
    errors_before: tuple[Finding, ...] = ()
    while True:
        mode = conversation.finish()
        plan = make_plan(reading, Request(mode, conversation.answers, output_dir))
        emit("\n" + TEXT.plan(plan, terminal_options(full)))
        errors = plan.open_findings(Severity.ERROR)
        if any(error.id == UNFIT_FOLDER.id for error in errors):
            folder = ask_text(T("Folder for the files; fix this one, or give another"), plan.output_dir, lambda _: None)
            if isinstance(folder, Back):
                conversation.step_back()
            elif folder != plan.output_dir:
                output_dir = folder
            continue
        if errors == errors_before or not conversation.can_step_back:
            refuse_errors(plan)
        errors_before = errors
        if errors:
            emit(
                f"{T('Mend the errors: change an answer here, Esc goes further back. Ctrl-C leaves to edit the file.')}\n"
            )
            conversation.step_back()
            continue
        if not plan.changes_anything:
            return True, plan, output_dir
        answer = ask_yes_or_back(T("Write these changes?"))
        if not isinstance(answer, Back):
            return answer, plan, output_dir
        conversation.step_back()


def introduction() -> Text:
    """When high availability is decided, as the product's guide says."""
    return T(
        "kkplan sets the control plane endpoint in KubeKey's config. Do this before Kubernetes and KubeSphere are "
        "installed together: a cluster that exists already keeps its own high availability.\n"
        "Esc goes back a step, Ctrl-C leaves; nothing is written before you say yes."
    )


def choose_config(config: str | None, beside: Mapping[str, str] | None = None) -> Reading:
    """The config that was named, or config-sample.yaml here; the person is asked where there is none.

    Raises:
        KkplanError: the file that was named is no config.
    """
    if config == STDIN:
        raise UsageError(T("the wizard asks on standard input, so the config must be a file"))
    if config is not None or Path(DEFAULT_CONFIG).exists():
        return read(read_config(config or DEFAULT_CONFIG), beside)
    answer = ask_text(T("KubeKey's config"), DEFAULT_CONFIG, lambda name: _config_problem(name, beside))
    if isinstance(answer, Back):
        raise Interrupted(T("interrupted; nothing was written"))
    return read(read_config(answer), beside)


def _config_problem(name: str, beside: Mapping[str, str] | None) -> Text | None:
    try:
        if name == STDIN:
            return T("{value} is no file", value=named(name))
        read(read_config(name), beside)
    except KkplanError as error:
        return T("{problem}", problem=Verbatim(error_text(error)))
    return None


def no_terminal() -> KkplanError:
    """Nobody can be asked: say what to type instead."""
    flags = " ".join(question.flag for question in all_questions())
    return KkplanError(
        T(
            "the wizard needs a terminal. Without one: kkplan apply CONFIG --mode MODE --yes with what the mode needs "
            "({flags}), or --answers FILE",
            flags=named(flags),
        )
    )


def command_line(plan: Plan, beside: Mapping[str, str], output_dir: str | None, lang: str | None) -> str:
    """The command that does the same without questions.

    Args:
        beside: file role → the file that was named for it.
    """
    words = ["--mode", plan.mode]
    for role, file in beside.items():
        words += [f"--{role}", _as_value(file)]
    for name, answer in plan.answers:
        for text in answer if isinstance(answer, tuple) else (answer,):
            words += [flag_of(name), text]
    if output_dir:
        words += ["--output-dir", _as_value(output_dir)]
    if lang or any(word.partition("=")[0] == "--lang" for word in sys.argv):  # which may stand before the command
        words += ["--lang", plan.language]
    return f"kkplan apply {shell_path(plan.config.name)} {shlex.join([*words, '--yes'])}"


def _as_value(path: str) -> str:
    """The path as the value of an option, and no option itself."""
    return f"./{path}" if path.startswith("-") else path
