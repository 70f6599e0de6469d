"""What to do after the wizard: steps with commands that can be copied as they are."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kkplan.locale import T, Text
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.style import wrapped
from kkplan.use.read import Reading

_MORE = " \\"  # the command goes on in the next line


class Step(NamedTuple):
    """A step, and its command; "" if a person does it."""

    title: Text
    command: str = ""


def steps_to_apply(plan: Plan, plan_file: str) -> tuple[Step, ...]:
    """What to do with a saved plan."""
    file = shell_path(plan_file)
    rehearsal = Step(_REHEARSE, f"kkplan rehearse {file}")
    return (
        Step(T("Make the page for the change ticket"), f"kkplan review {file} --out review.html"),
        *(rehearsal,) * bool(plan.lb_hosts),
        Step(T("Write the changes"), f"kkplan apply {file}"),
    )


def steps_to_install(plan: Plan, reading: Reading, beside: Mapping[str, str]) -> tuple[Step, ...]:
    """What to do once the plan is carried out, up to the installed cluster.

    Args:
        beside: file role → the file that was named for it.
    """
    options = "".join(f" --{role} {shell_path(file)}" for role, file in beside.items())
    verify = f"kkplan verify {shell_path(plan.config.name)}{options}"
    files = {role: shell_path(file.name) for role, file in reading.files.items()}
    rehearsal = Step(_REHEARSE, f"kkplan rehearse {shell_path(plan.output_dir)}")
    verification = Step(T("Verify the load balancer from here"), verify)
    others = (
        *(rehearsal,) * bool(plan.lb_hosts),
        # Without files of a plan, kk installs the load balancer, and there is nothing to verify before.
        *(verification,) * bool(plan.files),
        Step(T("Install the cluster"), reading.dialect.install_command(files)),
        Step(T("Verify the endpoint of the new cluster"), f"{verify} --after-install"),
    )
    # The plan's advice has some of these commands too.
    commands = [step.command for step in others]
    advice = [Step(step) for step in plan.advice if not any(command in str(step) for command in commands)]
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
    yield from (shlex.join(piece) for piece in pieces)


def _lines(steps: tuple[Step, ...], width: int) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        title = T("{question}:", question=step.title) if step.command else step.title
        yield wrapped(f"  {number}. {title}", width, 5) + "\n"
        if step.command:
            yield f"     {step.command}\n"


_REHEARSE = T("Rehearse the failover of the LB servers on this machine, as root")
