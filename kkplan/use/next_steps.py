"""The way from a plan to the installed cluster, for the review page and after `apply`."""

from __future__ import annotations

from typing import NamedTuple

from kkplan.locale import T, Text
from kkplan.plan.plan import Plan
from kkplan.plan.shell_path import shell_path
from kkplan.use.read import Reading

REHEARSE = T("Rehearse the failover of the LB servers on this machine, as root")


class Step(NamedTuple):
    """A step, and its command; "" if a person does it."""

    title: Text
    command: str = ""


def steps_to_install(plan: Plan, reading: Reading, plan_file: str, program: str) -> tuple[Step, ...]:
    """What to do once the plan is carried out, up to the installed cluster.

    Args:
        plan_file: the saved plan, which names the LB servers as the config does not; "" if there is none.
        program: kkplan's name in a shell.
    """
    files = {role: "CONFIG" if file.is_stdin else shell_path(file.name) for role, file in reading.files.items()}
    config = shell_path(plan_file) if plan_file else reading.arguments
    # The folder names the LB servers too.
    verify_before = f"verify {shell_path(plan.output_dir) if plan.lb_hosts else config}"
    verification = Step(T("Verify the load balancer from here"), f"{program} {verify_before}")
    return (
        *map(Step, plan.advice),
        # Without files of a plan, kk installs the load balancer, and there is nothing to verify before.
        *(verification,) * bool(plan.files),
        Step(T("Install the cluster"), reading.dialect.install_command(files)),
        Step(T("Verify the endpoint of the new cluster"), f"{program} verify {config} --after-install"),
    )
