"""The plan: everything kkplan would do to a config, and what it knows about it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.cluster.load_balancer import LbHost
from kkplan.cluster.request_path import Hop, request_path
from kkplan.document.edit import Edit
from kkplan.document.parse import Document
from kkplan.locale import Text
from kkplan.plan.artifact import Artifact
from kkplan.plan.finding import Finding, Severity
from kkplan.schema.shape import ShapeOf

PLAN_VERSION = 1


class FileAction(str, Enum):
    """What happens to a file of the output folder."""

    CREATE = "create"
    KEEP = "keep"
    REPLACE = "replace"
    OVERWRITE = "overwrite"
    REMOVE = "remove"


class PlannedFile(NamedTuple):
    """A file beside the config.

    Attributes:
        previous: what it holds today; None if it is not there or is no text.
    """

    artifact: Artifact
    action: FileAction
    previous: str | None = None


class PlannedConfig(NamedTuple):
    """A file that the plan edits.

    Attributes:
        role: `config`, or the name of the file's role.
        name: as the user named it; `-` for standard input.
        before: the file as it is.
        after: its bytes with the edits made; the same as before where there are none.
        shape_of: what the schema knows of each of its YAML documents.
    """

    role: str
    name: str
    before: Document
    after: bytes
    edits: tuple[Edit, ...]
    shape_of: ShapeOf


class Plan(NamedTuple):
    """What is to be done.

    Attributes:
        mode: the mode's name.
        answers: the answers it was made from, sorted by name; they hold no secret.
        language: the language of the files that are for people.
        configs: the files that are edited, the config first.
        output_dir: the folder of the files, as the user named it.
        effective_before: the endpoint that kk would use for the config as it is.
        effective_after: the one it will use.
        advice: what to do once the plan is carried out.
        lb_hosts: the LB servers; empty where they are not planned.
        assumes: what the plan takes for granted about kk; None for nothing.
    """

    mode: str
    answers: tuple[tuple[str, str | tuple[str, ...]], ...]
    language: str
    configs: tuple[PlannedConfig, ...]
    output_dir: str
    files: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
    effective_before: EffectiveEndpoint
    effective_after: EffectiveEndpoint
    advice: tuple[Text, ...]
    cluster: Cluster
    lb_hosts: tuple[LbHost, ...]
    assumes: Text | None = None

    @property
    def config(self) -> PlannedConfig:
        """The config itself."""
        return self.configs[0]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of all files."""
        return tuple(edit for config in self.configs for edit in config.edits)

    @property
    def path_before(self) -> tuple[Hop, ...]:
        """The path of a request as it is."""
        is_same = self.effective_before.load_balancer == self.effective_after.load_balancer
        return request_path(self.cluster, self.effective_before, self.lb_hosts if is_same else ())

    @property
    def path_after(self) -> tuple[Hop, ...]:
        """The path of a request once the plan is carried out."""
        return request_path(self.cluster, self.effective_after, self.lb_hosts)

    @property
    def written_files(self) -> tuple[PlannedFile, ...]:
        """The files that are not yet as they should be."""
        return tuple(file for file in self.files if file.action is not FileAction.KEEP)

    @property
    def removed_files(self) -> tuple[PlannedFile, ...]:
        """Those of them that kkplan once wrote and that are to go."""
        return tuple(file for file in self.files if file.action is FileAction.REMOVE)

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.edits or self.written_files)

    def open_findings(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of that severity that the plan does not fix."""
        return tuple(finding for finding in self.findings if finding.severity is severity and not finding.fixed)
