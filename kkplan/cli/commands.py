"""The commands by name. Each is a function in a module of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import FunctionType

from kkplan.locale import T, Text

# The first sentence is the summary in the list of commands: at most 64 characters.
HELP: Mapping[str, Text] = {
    "plan": T(
        "Show what a mode would change in CONFIG, without writing. "
        "The plan has the effective endpoint, the findings, the diff and the files of the mode."
    ),
    "apply": T("Show the plan, ask, and write it. TARGET is a config, or a plan saved with kkplan plan --out."),
    "restore": T(
        "Restore a backup of CONFIG. Lists the backups, shows the diff to the newest, and asks. "
        "The file that is replaced gets a backup too. Files in the output folder are not changed."
    ),
    "check": T(
        "Find what kk drops, ignores or fails on in configs. "
        "Folders are searched for configs, except for hidden files and folders. "
        "Exits with 1 if there are errors; with --strict, also if there are warnings."
    ),
    "show": T(
        "Show the cluster, its request path and single points of failure. "
        "Also shows hosts and roles, etcd and the effective endpoint."
    ),
    "explain": T("Explain rules, with examples. Without RULE, lists all rules."),
    "schema": T("Print a JSON Schema, for editors and programs. Without NAME, lists all schemas."),
    "rehearse": T(
        "Rehearse failures of the LB servers in network namespaces. "
        "Runs the LB servers' files with the real HAProxy and Keepalived on this machine."
    ),
    "verify": T(
        "Check that the endpoint works on the real machines. TARGET is a config, a saved plan or a folder with the LB "
        "servers' files. Exits with 1 if a check fails, or if the endpoint does not answer at the end of a watch."
    ),
    "review": T(
        "Write an HTML page for a change ticket. It has the endpoint before and after, the diff, the findings, the files, "
        "a rehearsal and a verification, and a box for the approval."
    ),
    "completion": T("Print the script that completes kkplan in a shell. Usage: source <(kkplan completion bash)"),
    "wizard": T("Ask for the answers, show the plan, ask, and write it."),
}


def command_named(name: str) -> FunctionType:
    """The command's function, which returns the exit code (None: 0). Loading all of them takes longer than most runs."""
    function: FunctionType = getattr(import_module(f"kkplan.cli.{name}"), name)
    return function
