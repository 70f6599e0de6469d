"""Make a plan for a config: find the edits, prove them, judge the result, and gather the files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from kkplan.disk import DiskError
from kkplan.disk.bundle_folder import BundleOwner, all_new, compare, with_sums
from kkplan.disk.config_file import refuse_inside
from kkplan.disk.output_folder import real_folder
from kkplan.disk.owners import trusted_owners
from kkplan.document.change import change_document
from kkplan.locale import T, Text, current_language, named
from kkplan.modes.mode import Mode, check_answers, modes, written_names
from kkplan.modes.question import Answers
from kkplan.plan.artifact import Artifact
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Finding
from kkplan.plan.installation import Installation
from kkplan.plan.plan import FileAction, Plan, PlannedConfig, PlannedFile
from kkplan.plan.rule import FolderOfOther, Subject, UnfitFolder
from kkplan.plan.shell_path import shell_path
from kkplan.rules.catalogue import judge, rule_named
from kkplan.use.read import Reading, config_arguments
from kkplan.visible import on_one_line

DEFAULT_FOLDER = "kkplan-out"


class Request(NamedTuple):
    """The mode and answers to plan for.

    Attributes:
        output_dir: the folder for the files, as the user named it; "" for DEFAULT_FOLDER beside the config.
    """

    mode: Mode
    answers: Answers
    output_dir: str = ""


def make_plan(reading: Reading, request: Request, *, for_rehearsal: bool = False) -> Plan:
    """The plan for an HA mode. Writes nothing.

    Args:
        for_rehearsal: the output folder is ignored, so all files count as new.

    Raises:
        UsageError: an answer is missing or does not fit.
        KkplanError: the edit would not be exact.
    """
    check_answers(request.mode, request.answers)
    output_dir = request.output_dir or str(reading.file.folder / DEFAULT_FOLDER)
    installation = _installation(reading)
    owner = _owner(reading, installation)
    artifacts = with_sums(_artifacts(reading, request, installation), owner)
    files, recorded, unfit = all_new(artifacts), None, None
    if not for_rehearsal:
        try:
            files, recorded = _compared(reading, output_dir, artifacts)
        except DiskError as error:
            unfit = UnfitFolder(error.file, error.reason, error.advice)
    other = recorded if recorded is not None and recorded.is_other(owner) else None
    subject = planned_subject(reading, request.mode, request.answers).replaced(
        overwritten_files=tuple(
            str(Path(output_dir, file.artifact.path)) for file in files if file.action is FileAction.OVERWRITE
        ),
        unfit_folder=unfit,
        folder_of_other=_folder_of_other(output_dir, other, owner) if other is not None and artifacts else None,
    )
    effective_after = reading.dialect.effective(subject)
    return Plan(
        mode=request.mode.name,
        answers=tuple(sorted(request.answers.items())),
        language=current_language(),
        configs=tuple(_configs(reading, request)),
        output_dir=output_dir,
        files=files,
        findings=tuple(_findings(reading, subject, survives=effective_after.survives)),
        effective_before=reading.effective,
        effective_after=effective_after,
        advice=(
            *request.mode.advice(output_dir),
            # Files of another config stay.
            *(_of_earlier_plan(output_dir),) * (not files and recorded is not None and other is None),
        ),
        cluster=subject.cluster,
        lb_hosts=subject.lb_hosts or (),
        assumes=reading.dialect.assumes,
    )


def possible_modes(reading: Reading) -> tuple[Mode, ...]:
    """The modes that the config's KubeKey has."""
    kinds = reading.dialect.endpoint_kinds
    return tuple(mode for mode in modes() if mode.wanted(reading.subject.endpoint, {}).kind in kinds)


def planned_subject(reading: Reading, mode: Mode, answers: Answers) -> Subject[Any, Any]:
    """What the files describe once the plan is carried out; answers may still be missing.

    Raises:
        KkplanError: the config's KubeKey does not have the mode.
    """
    planned = reading.dialect.planned(reading.subject, mode.wanted(reading.subject.endpoint, answers))
    own = mode.load_balancer(answers)
    return planned.replaced(vip=own.vip, lb_hosts=own.hosts, lb_is_guide=own.is_guide)


def _configs(reading: Reading, request: Request) -> Iterator[PlannedConfig]:
    """Each file with its edits made: read again as a whole, and compared. The config comes first."""
    wanted = request.mode.wanted(reading.subject.endpoint, request.answers)
    changes = reading.dialect.changes(reading.subject, wanted)
    for role, document in reading.documents.items():
        changed = change_document(document, changes.get(role, ()))
        yield PlannedConfig(role, document.name, document, changed.data, changed.edits, reading.dialect.shape_of)


def _artifacts(reading: Reading, request: Request, installation: Installation) -> tuple[Artifact, ...]:
    subject = reading.subject
    return request.mode.artifacts(subject.cluster, subject.endpoint, request.answers, installation)


def _owner(reading: Reading, installation: Installation) -> BundleOwner:
    addresses = tuple(backend.address for backend in reading.subject.cluster.backends)
    return BundleOwner(on_one_line(installation.config_name), addresses)


def _folder_of_other(output_dir: str, other: BundleOwner, own: BundleOwner) -> FolderOfOther:
    name = other.config_name or own.config_name
    return FolderOfOther(output_dir, name, other.control_planes if name == own.config_name else ())


def _installation(reading: Reading) -> Installation:
    """How kk installs from the files, which it names from the config's folder."""
    folder = real_folder(Path(reading.file.name)).parent
    names = {
        role: "config-sample.yaml" if file.is_stdin else os.path.relpath(real_folder(Path(file.name)), folder)
        for role, file in reading.files.items()
    }
    dialect, subject = reading.dialect, reading.subject
    words = {role: shell_path(name) for role, name in names.items()}
    return Installation(
        names[CONFIG],
        config_arguments(dialect, names),
        dialect.install_command(words),
        dialect.endpoint_path,
        partial(dialect.endpoint_description, subject),
    )


def _compared(
    reading: Reading, output_dir: str, artifacts: tuple[Artifact, ...]
) -> tuple[tuple[PlannedFile, ...], BundleOwner | None]:
    for file in reading.files.values() if artifacts else ():
        if not file.is_stdin:
            refuse_inside(file, real_folder(Path(output_dir)))
    return compare(Path(output_dir), artifacts, written_names(), trusted_owners(reading.file.owner))


def _of_earlier_plan(output_dir: str) -> Text:
    return T(
        "The files in {folder} are from an earlier plan, not from this one. Move them away", folder=named(output_dir)
    )


def _findings(reading: Reading, subject: Subject[Any, Any], *, survives: bool) -> Iterator[Finding]:
    """The findings after the plan, and today's that the plan fixes."""
    left = list(judge(subject, reading.dialect.name))
    yield from left
    remaining = {(finding.id, finding.file, finding.line) for finding in left}
    for finding in judge(reading.subject, reading.dialect.name):
        fixed = survives or not rule_named(finding.id).until_survives
        if fixed and (finding.id, finding.file, finding.line) not in remaining:
            yield finding._replace(fixed=True)
