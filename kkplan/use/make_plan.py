"""Make a plan for a config: read it, find the edits, prove them, judge the result, and gather the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.config import ENDPOINT_PATH, Config, locate
from kkplan.cluster.effective import effective_endpoint
from kkplan.cluster.read import read_cluster
from kkplan.disk import DiskError
from kkplan.disk.bundle_folder import all_new, compare, holds_bundle, with_sums
from kkplan.disk.config_file import ConfigFile, refuse_inside
from kkplan.disk.output_folder import real_folder
from kkplan.disk.owners import trusted_owners
from kkplan.document import DocumentError
from kkplan.document.edit import Edit, pieces_of, splice
from kkplan.document.parse import parse
from kkplan.document.setting import Setting
from kkplan.document.settings import plan_edits
from kkplan.document.verify import edit_went_wrong, verify_edit
from kkplan.locale import T, Text, current_language, named
from kkplan.modes.mode import Mode, check_answers, written_names
from kkplan.modes.question import Answers
from kkplan.plan.artifact import Artifact
from kkplan.plan.finding import Finding
from kkplan.plan.plan import FileAction, Plan, PlannedFile
from kkplan.rules.rule import Subject, UnfitFolder, judge, rule_named

DEFAULT_FOLDER = "kkplan-out"


class Request(NamedTuple):
    """What is wanted.

    Attributes:
        output_dir: the folder for the files, as the user named it; "" for DEFAULT_FOLDER beside the config.
    """

    mode: Mode
    answers: Answers
    output_dir: str = ""


class Reading(NamedTuple):
    """A config and the cluster in it."""

    file: ConfigFile
    config: Config
    cluster: Cluster


def read(file: ConfigFile) -> Reading:
    """The cluster that a config describes.

    Raises:
        KkplanError: the file is no config that KubeKey 3 would install from.
    """
    config = locate(parse(file.data, file.name))
    return Reading(file, config, read_cluster(config))


def make_plan(reading: Reading, request: Request, *, for_rehearsal: bool = False) -> Plan:
    """The plan that makes the config highly available in the wanted way. Writes nothing.

    Args:
        for_rehearsal: the output folder does not matter, so all files count as new.

    Raises:
        UsageError: an answer is missing or does not fit.
        KkplanError: the edit would not be exact.
    """
    check_answers(request.mode, request.answers)
    settings = request.mode.settings(reading.cluster, request.answers)
    edits, after = _edited(reading.config, settings)
    cluster = cluster_after(reading.cluster, settings)
    output_dir = request.output_dir or str(reading.file.folder / DEFAULT_FOLDER)
    artifacts = with_sums(request.mode.artifacts(cluster, request.answers, _shown_name(reading.file)))
    files, unfit = all_new(artifacts), None
    if not for_rehearsal:
        try:
            files = _compared(reading.file, output_dir, artifacts)
        except DiskError as error:
            unfit = UnfitFolder(error.file, error.reason, error.advice)
    subject = request.mode.subject(cluster, request.answers)._replace(
        overwritten_files=_overwritten(files, output_dir),
        unfit_folder=unfit,
        config=reading.config,
        today=reading.cluster,
    )
    effective_after = effective_endpoint(cluster)
    return Plan(
        mode=request.mode.name,
        answers=tuple(sorted(request.answers.items())),
        language=current_language(),
        config_name=reading.file.name,
        output_dir=output_dir,
        before=reading.config.document,
        after=after,
        edits=edits,
        files=files,
        findings=tuple(_findings(reading.cluster, subject, survives=effective_after.survives)),
        effective_before=effective_endpoint(reading.cluster),
        effective_after=effective_after,
        advice=(
            *request.mode.advice(reading.file.name, output_dir),
            *_of_earlier_plan(reading.file, files, output_dir),
        ),
        cluster=cluster,
        lb_hosts=subject.lb_hosts or (),
    )


def cluster_after(cluster: Cluster, settings: tuple[Setting, ...]) -> Cluster:
    """The cluster once the settings are written."""
    return cluster._replace(endpoint=cluster.endpoint.after(settings))


def _edited(config: Config, settings: tuple[Setting, ...]) -> tuple[tuple[Edit, ...], bytes]:
    """The edits, and the file with them made: read again as a whole, and compared."""
    before = config.document
    edits = plan_edits(before, config.block, settings)
    if not edits:
        return (), before.data
    data = before.bom + splice(before.text, pieces_of(edits)).encode()
    try:
        after = parse(data, before.name, before)
    except DocumentError as error:
        raise edit_went_wrong(before.name, error.message) from None
    verify_edit(before, after, config.root_number, ENDPOINT_PATH, settings)
    return edits, data


def _shown_name(file: ConfigFile) -> str:
    return "config-sample.yaml" if file.is_stdin else Path(file.name).name


def _compared(file: ConfigFile, output_dir: str, artifacts: tuple[Artifact, ...]) -> tuple[PlannedFile, ...]:
    if artifacts and not file.is_stdin:
        refuse_inside(file, real_folder(Path(output_dir)))
    return compare(Path(output_dir), artifacts, written_names(), trusted_owners(file.owner))


def _of_earlier_plan(file: ConfigFile, files: tuple[PlannedFile, ...], output_dir: str) -> Iterator[Text]:
    """What to do with files that another mode has left."""
    if not files and holds_bundle(Path(output_dir), trusted_owners(file.owner)):
        yield T(
            "The files in {folder} are of an earlier plan and not of this one: move them away", folder=named(output_dir)
        )


def _overwritten(files: tuple[PlannedFile, ...], output_dir: str) -> tuple[str, ...]:
    return tuple(str(Path(output_dir, file.artifact.path)) for file in files if file.action is FileAction.OVERWRITE)


def _findings(cluster_before: Cluster, subject: Subject, *, survives: bool) -> Iterator[Finding]:
    """What is wrong afterwards, and what is wrong today and mended by the plan."""
    left = list(judge(subject))
    yield from left
    remaining = {(finding.id, finding.line) for finding in left}
    for finding in judge(Subject(cluster_before, config=subject.config)):
        mended = survives or not rule_named(finding.id).until_survives
        if mended and (finding.id, finding.line) not in remaining:
            yield finding._replace(fixed=True)
