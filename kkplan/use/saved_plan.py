"""A saved plan: read it, refuse it when the config has changed, and make it again.

A saved plan is not trusted: what it says is compared with what kkplan would do with its answers today.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import is_ip
from kkplan.cluster.endpoint import Route
from kkplan.cluster.site import HostsEntry, Site, SiteMachine
from kkplan.disk.config_file import STDIN, ConfigFile, read_config
from kkplan.document.lines import changed_middle
from kkplan.errors import KkplanError, UsageError
from kkplan.locale import T, Text, current_language, named, node_names, use_language
from kkplan.modes.mode import Mode, check_answers, mode_named
from kkplan.modes.question import Answers
from kkplan.plan.dialect import CONFIG
from kkplan.plan.plan import PLAN_VERSION, FileAction, Plan
from kkplan.plan.shell_path import shell_path
from kkplan.schema.mask import masked_lines
from kkplan.shown import MASK
from kkplan.use.make_plan import DEFAULT_FOLDER, Request, make_plan
from kkplan.use.plan_data import line_fingerprints, plan_data
from kkplan.use.read import Reading, read
from kkplan.use.recognise import may_be_config
from kkplan.use.schemas import schema_problem

# How a saved plan begins, even after its keys were sorted; a config in JSON may hold both words too.
_PLAN_START = re.compile(rb'\s*\{\s*(?:"version"\s*:\s*\d+\s*,\s*)?"kkplan"\s*:')
_VERSION = re.compile(rb'\s*"')  # of the kkplan that saved it


class SavedPlanError(KkplanError):
    """The file is not a plan, or no longer fits."""


@dataclass(frozen=True)
class SavedPlan:
    """A saved plan.

    Attributes:
        file: the plan's own file.
        data: the JSON document, valid by its schema.
    """

    file: Path
    data: Mapping[str, Any]

    @property
    def config_name(self) -> str:
        """The config: relative to the plan's folder, as it was saved; `-` for standard input."""
        name = str(self.data["config"]["path"])
        return name if name == STDIN else str(self.file.parent / name)

    @property
    def beside(self) -> dict[str, str]:
        """The files beside the config: file role → the file, as the config is named."""
        return {role: str(self.file.parent / str(file["path"])) for role, file in self.data["beside"].items()}

    @property
    def output_dir(self) -> str:
        """The folder of the files, relative to the plan's folder as it was saved."""
        return str(self.file.parent / str(self.data["outputDir"]))

    @property
    def answers(self) -> Answers:
        """The answers that the plan was made from."""
        return {
            name: tuple(answer) if isinstance(answer, list) else answer for name, answer in self.data["answers"].items()
        }

    @property
    def site(self) -> Site:
        """The machines of the cluster as planned. Not compared with the config: enough to look at them, not to write.

        Raises:
            SavedPlanError: a machine's address is no IP address.
        """
        site = self.data["site"]
        for machine in (*site["controlPlanes"], *site["lbServers"], *site["haproxyWorkers"]):
            if not is_ip(machine["address"]):
                raise self.refusal(
                    T(
                        "{name}'s address {address} is not an IP address. Plan again",
                        name=node_names(machine["name"]),
                        address=machine["address"],
                    )
                )
        return Site(
            route=Route(site["route"]),
            address=site["address"],
            domain=site["domain"],
            port=site["port"],
            backends=tuple(Backend(**machine) for machine in site["controlPlanes"]),
            lb_servers=tuple(SiteMachine(**machine) for machine in site["lbServers"]),
            haproxy_workers=tuple(SiteMachine(**machine) for machine in site["haproxyWorkers"]),
            hosts_entries=tuple(HostsEntry(entry["node"], tuple(entry["addresses"])) for entry in site["hostsEntries"]),
        )

    def refusal(self, message: Text) -> SavedPlanError:
        """The error that says why the plan is not used."""
        return SavedPlanError(message, file=str(self.file))


def looks_like_plan(data: bytes) -> bool:
    """Whether a file is a saved plan rather than a config."""
    return _PLAN_START.match(data) is not None


def holds_plan(data: bytes) -> bool:
    """Whether a file is a plan that may be replaced: other JSON may have the name kkplan in it too."""
    start = _PLAN_START.match(data)
    return start is not None and _VERSION.match(data, start.end()) is not None


def refuse_config(data: bytes, name: str) -> None:
    """Refuse a config where a saved plan is needed."""
    if not looks_like_plan(data) and may_be_config(data, name):
        command = named(f"kkplan plan {shell_path(name)} … --out ha.plan")
        raise SavedPlanError(T("not a saved plan but a config. Save one: {command}", command=command), file=name)


def read_saved_plan(file: Path, data: bytes) -> SavedPlan:
    """The plan in the file.

    Raises:
        SavedPlanError: it is not a plan, or one of a newer version.
    """
    try:
        content = json.loads(data)
        text = json.dumps(content, ensure_ascii=False)
        text.encode()
        problem = schema_problem(content, "plan")
    except RecursionError:
        raise SavedPlanError(
            T("nested too deeply for a kkplan plan. Save the plan again: kkplan plan … --out FILE"), file=str(file)
        ) from None
    except UnicodeEncodeError:
        raise SavedPlanError(
            T("it contains an unpaired surrogate (\\ud800 to \\udfff), so it was edited. Plan again"), file=str(file)
        ) from None
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise SavedPlanError(
            T("not valid JSON. Save the plan again: kkplan plan … --out FILE"), file=str(file), line=line
        ) from None
    if isinstance(content, dict) and isinstance(content.get("version"), int) and content["version"] > PLAN_VERSION:
        raise SavedPlanError(T("saved by a newer kkplan. Plan again with this version"), file=str(file))
    if problem is None and "\\u0000" in text:
        problem = T("it contains a NUL character")
    if problem is not None:
        raise SavedPlanError(
            T("not a kkplan plan: {problem}. Save it again: kkplan plan … --out FILE", problem=problem), file=str(file)
        )
    return SavedPlan(file, content)


def mode_of(saved: SavedPlan) -> Mode:
    """The plan's mode, which its answers fit.

    Raises:
        SavedPlanError: there is no such mode, or an answer is missing, wrong, or of no question: the plan was edited.
    """
    try:
        mode = mode_named(saved.data["mode"])
        check_answers(mode, saved.answers)
    except UsageError as error:
        raise saved.refusal(
            T("the plan's answers are invalid, so it was edited: {problem}. Plan again", problem=error.message)
        ) from None
    return mode


def refuse_elsewhere(saved: SavedPlan, output_dir: str | None) -> None:
    """Refuse to write a plan's files outside of its own folder, unless the user names their folder.

    Without one, they may also go to kkplan-out beside the config, where config and plan have the same owner.

    Args:
        output_dir: the folder that is named on the command line.
    """
    planned = Path(os.path.realpath(saved.output_dir))
    if output_dir is not None and Path(os.path.realpath(output_dir)) != planned:
        raise saved.refusal(
            T(
                "the plan's files go to {planned}, not to {given}. Plan again",
                planned=named(planned),
                given=named(output_dir),
            )
        )
    is_below = planned.is_relative_to(os.path.realpath(saved.file.parent))
    if output_dir is None and saved.data["files"] and not is_below and planned != _folder_beside_config(saved):
        raise saved.refusal(
            T(
                "the plan's files go to {planned}, which is outside the plan's own folder. If this is intended, add: "
                "{option}",
                planned=named(planned),
                option=named(f"--output-dir {shell_path(str(planned))}"),
            )
        )


def read_planned_config(saved: SavedPlan) -> ConfigFile:
    """The config of a saved plan, as it is today.

    Raises:
        KkplanError: it cannot be read, or one of the plan's files does not exist.
    """
    missing = [name for name in (saved.config_name, *saved.beside.values()) if _is_missing(name)]
    for name in missing if saved.config_name != STDIN else ():
        raise saved.refusal(
            T(
                "this plan is for {file}, which does not exist. A plan finds its files by their paths from the plan's "
                "folder: move them together, or plan again",
                file=named(name),
            )
        )
    return read_config(saved.config_name)


def read_planned(saved: SavedPlan, file: ConfigFile | None = None) -> Reading:
    """The files of a saved plan, as they are today.

    Args:
        file: the config, if it was read already.

    Raises:
        KkplanError: one is gone or cannot be read, or there is one that the plan was made without.
    """
    reading = read(file or read_planned_config(saved), saved.beside)
    for role, other in reading.files.items():
        if role != CONFIG and role not in saved.beside:
            raise SavedPlanError(T("the plan was made without this file. Plan again"), file=other.name)
    return reading


def replan(saved: SavedPlan, *, for_rehearsal: bool = False, file: ConfigFile | None = None) -> tuple[Reading, Plan]:
    """Make a saved plan again from its answers, in the language of its files.

    Args:
        for_rehearsal: the output folder is ignored, and a config that is already as planned is accepted.
        file: the config, if it was read already.

    Raises:
        KkplanError: the config has changed since, or the plan was edited.
    """
    spoken = current_language()
    mode = mode_of(saved)
    reading = read_planned(saved, file)
    use_language(saved.data["language"])
    try:
        plan = make_plan(reading, Request(mode, saved.answers, saved.output_dir), for_rehearsal=for_rehearsal)
    finally:
        use_language(spoken)
    if for_rehearsal and plan.changes_anything and not plan.edits:
        refuse_different(saved, plan_data(plan), ("files",))
    elif plan.changes_anything:  # else it was applied already
        refuse_stale(saved, plan)
        refuse_different(saved, plan_data(plan))
    return reading, plan


def _is_missing(name: str) -> bool:
    try:
        os.lstat(name)
    except FileNotFoundError:
        return True
    except OSError:
        return False  # whoever reads it says what is wrong
    return False


def _folder_beside_config(saved: SavedPlan) -> Path | None:
    """kkplan-out beside the plan's config, as a plan has it by default; None where config and plan have other owners."""
    try:
        same_owner = Path(saved.config_name).stat().st_uid == saved.file.stat().st_uid
    except OSError:
        return None
    return Path(os.path.realpath(Path(saved.config_name).parent)) / DEFAULT_FOLDER if same_owner else None


def refuse_stale(saved: SavedPlan, plan: Plan) -> None:
    """Refuse files that changed since the plan was made.

    Raises:
        SavedPlanError: one changed; the message says which lines differ.
    """
    for config in plan.configs:
        then = saved.data["config"] if config.role == CONFIG else saved.data["beside"][config.role]
        if then["sha256"] != config.before.sha256:
            masked = masked_lines(config.before, config.shape_of)
            changed, line = _what_changed(then["lines"].split(), masked)
            raise SavedPlanError(
                T("the file has changed since the plan was made: {changed}. Plan again", changed=changed),
                file=config.name,
                line=line,
            )


def _what_changed(then: list[str], masked: list[str]) -> tuple[Text, int]:
    """What differs from the lines with these fingerprints, and at which line."""
    difference = changed_middle(then, line_fingerprints(masked))
    if not difference:
        return T("a masked value, such as a password"), 0
    start, old_end, _, last = difference[0]
    first = start + 1
    if last < first:
        removed = T("{count} lines were removed before line {line}", count=old_end - start, line=first)
        return removed, min(first, len(masked))
    shown = masked[start].strip()[:80]
    if MASK in shown:
        text = T("the first difference is in line {line}", line=first)
    elif first == last:
        text = T("line {line} is now `{text}`", line=first, text=named(shown))
    else:
        text = T("lines {first} to {last} differ; the first is now `{text}`", first=first, last=last, text=named(shown))
    return text, first


def refuse_different(saved: SavedPlan, derived: Mapping[str, Any], keys: Sequence[str] = ("edits", "files")) -> None:
    """Refuse a plan that differs from what kkplan would do today.

    Args:
        keys: the parts of the plan that are compared.

    Raises:
        SavedPlanError: it was edited, or made by another version that does it differently.
    """
    for key in keys:
        if _comparable(saved.data[key], saved.data) != _comparable(derived[key], derived):
            raise saved.refusal(
                T(
                    "the plan's {key} differ from what kkplan {version} would do (saved by {saved}, or edited). Plan "
                    "again",
                    key=key,
                    version=derived["kkplan"],
                    saved=saved.data["kkplan"],
                )
            )


def _comparable(rows: list[dict[str, Any]], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows without what depends on the output folder's state; a file is named by its role."""
    roles = {data["config"]["path"]: CONFIG} | {file["path"]: role for role, file in data["beside"].items()}
    return [
        {key: roles.get(value, value) if key == "file" else value for key, value in row.items() if key != "action"}
        for row in rows
        if row.get("action") != FileAction.REMOVE.value
    ]
