"""The commands by name. Each is the function of that name in the module of that name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import FunctionType

from kkplan.locale import T, Text

HELP: Mapping[str, Text] = {
    "plan": T("Show what would change in CONFIG, and what kk would make of it. Writes nothing."),
    "apply": T("Show the plan, ask, and write it."),
    "restore": T(
        "List the backups of CONFIG, show the diff to the newest, ask, and put it in the config's place. "
        "What it replaces gets a backup too. Files of the output folder stay as they are."
    ),
    "check": T(
        "Look for everything in configs that kk drops, ignores or stumbles over. "
        "A folder is searched for configs, hidden files and folders excepted. "
        "Exits with 1 where an error is found; --strict: a warning too."
    ),
    "show": T(
        "Show the cluster of CONFIG: hosts and roles, etcd, the endpoint, the road of a request and what must not fail."
    ),
    "explain": T("Tell why a rule is there, with examples; without RULE, list all rules."),
    "schema": T("Print a JSON Schema, for editors and programs; without NAME, list all schemas."),
    "rehearse": T(
        "Let the files of the LB servers fail over in network namespaces, with the real HAProxy and Keepalived."
    ),
    "verify": T(
        "Look whether the endpoint of a config or saved plan works on the real machines. "
        "Exits with 1 where something is wrong, or no answer comes when a watch ends."
    ),
    "review": T(
        "Write one page (HTML) for a change ticket: the endpoint before and after, the diff, the findings, the files, "
        "a rehearsal and a verification, and a box for the approval."
    ),
    "completion": T("Print what a shell needs to complete kkplan's command lines: source <(kkplan completion bash)."),
    "wizard": T("Ask for what is missing, show the plan, ask, and write it."),
}


def command_named(name: str) -> FunctionType:
    """The command's function, which returns the exit code (None: 0). Loading all of them takes longer than most runs."""
    function: FunctionType = getattr(import_module(f"kkplan.cli.{name}"), name)
    return function
