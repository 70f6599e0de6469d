"""What to do after the wizard and `apply`: steps with commands that can be copied as they are."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import NamedTuple

from kkplan.invocation import as_root, own_command
from kkplan.locale import T, Text
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.style import wrapped
from kkplan.use.read import Reading
from kkplan.visible import on_one_line

_MORE = " \\"  # the command goes on in the next line


class Step(NamedTuple):
    """A step, and its command; "" if a person does it."""

    title: Text
    command: str = ""


def steps_to_apply(plan: Plan, plan_file: str) -> tuple[Step, ...]:
    """What to do with a saved plan."""
    file = shell_path(plan_file)
    rehearsal = Step(_REHEARSE, as_root(f"rehearse {file}"))
    return (
        Step(T("Make the page for the change ticket"), f"{own_command()} review {file} --out review.html"),
        *(rehearsal,) * bool(plan.lb_hosts),
        Step(T("Write the changes"), f"{own_command()} apply {file}"),
    )


def steps_to_install(plan: Plan, reading: Reading) -> tuple[Step, ...]:
    """What to do once the plan is carried out, up to the installed cluster."""
    files = {role: "CONFIG" if file.is_stdin else shell_path(file.name) for role, file in reading.files.items()}
    folder, config = shell_path(plan.output_dir), reading.arguments
    rehearse = f"rehearse {folder}"
    # The folder names the LB servers, the config does not.
    verify_before = f"verify {folder if plan.lb_hosts else config}"
    verify_after = f"verify {config} --after-install"
    rehearsal = Step(_REHEARSE, as_root(rehearse))
    verification = Step(T("Verify the load balancer from here"), f"{own_command()} {verify_before}")
    others = (
        *(rehearsal,) * bool(plan.lb_hosts),
        # Without files of a plan, kk installs the load balancer, and there is nothing to verify before.
        *(verification,) * bool(plan.files),
        Step(T("Install the cluster"), reading.dialect.install_command(files)),
        Step(T("Verify the endpoint of the new cluster"), f"{own_command()} {verify_after}"),
    )
    # The plan's advice has some of these commands too.
    own = (rehearse, verify_before, verify_after)
    advice = [Step(step) for step in plan.advice if not any(f"kkplan {words}" in str(step) for words in own)]
    first = len(plan.lb_hosts) > 0
    return (*others[:first], *advice, *others[first:])


def in_words(steps: tuple[Step, ...], width: int) -> str:
    """The steps as a numbered list; a command has a line of its own and is never broken.

    Args:
        width: the terminal's columns.
    """
    return f"\n{T('Next steps:')}\n" + "".join(_lines(steps, width))


def in_lines(command: str, width: int) -> str:
    """A command as a shell takes it, broken before its options where it is longer than a line.

    Args:
        width: the terminal's columns.
    """
    lines, room = [""], width - len(_MORE)
    for piece in _pieces(command):
        if lines[-1] and len(f"  {lines[-1]} {piece}") > room:
            lines.append(f"  {piece}")
        else:
            lines[-1] = f"{lines[-1]} {piece}".lstrip() if len(lines) == 1 else f"{lines[-1]} {piece}"
    return f"{_MORE}\n".join(f"  {line}" for line in lines)


def _pieces(command: str) -> Iterator[str]:
    """The words of a command, each option with its value."""
    pieces: list[list[str]] = []
    for word in shlex.split(command):
        if word.startswith("-") or not pieces:
            pieces.append([])
        pieces[-1].append(word)
    yield from (on_one_line(shlex.join(piece)) for piece in pieces)


def _lines(steps: tuple[Step, ...], width: int) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        title = T("{question}:", question=step.title) if step.command else step.title
        yield wrapped(f"  {number}. {title}", width, 5) + "\n"
        if step.command:
            yield f"     {on_one_line(step.command)}\n"


_REHEARSE = T("Rehearse the failover of the LB servers on this machine, as root")
