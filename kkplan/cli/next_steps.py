"""What to do after the wizard and `apply`: steps with commands that can be copied as they are."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from kkplan.invocation import as_root, own_command
from kkplan.locale import T
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.style import wrapped
from kkplan.use.next_steps import REHEARSE, Step, steps_to_install
from kkplan.use.read import Reading
from kkplan.visible import on_one_line

_MORE = " \\"  # the command goes on in the next line


def steps_to_apply(plan: Plan, plan_file: str) -> tuple[Step, ...]:
    """What to do with a saved plan."""
    file = shell_path(plan_file)
    rehearsal = Step(REHEARSE, as_root(f"rehearse {file}"))
    return (
        Step(T("Make the page for the change ticket"), f"{own_command()} review {file} --out review.html"),
        *(rehearsal,) * bool(plan.lb_hosts),
        Step(T("Write the changes"), f"{own_command()} apply {file}"),
    )


def steps_after_apply(plan: Plan, reading: Reading, plan_file: str = "") -> tuple[Step, ...]:
    """What to do once the plan is carried out: what is in the folder can be rehearsed again, then come the LB servers.

    Args:
        plan_file: the saved plan; "" if there is none.
    """
    rehearsal = Step(REHEARSE, as_root(f"rehearse {shell_path(plan.output_dir)}"))
    return (*(rehearsal,) * bool(plan.lb_hosts), *steps_to_install(plan, reading, plan_file, own_command()))


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
    pieces = _pieces(command)
    lines = [next(pieces)]
    for piece in pieces:
        if len(f"  {lines[-1]} {piece}") > width - len(_MORE):
            lines.append(f"  {piece}")
        else:
            lines[-1] += f" {piece}"
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
