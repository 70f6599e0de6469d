"""What a rule is, and what it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import Endpoint
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.locale import Text
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.fix import Fix


class UnfitFolder(NamedTuple):
    """An output folder that kkplan does not write to.

    Attributes:
        path: the folder, or what in it is the reason.
        reason: why not.
        advice: the way out; None where only another folder is one.
    """

    path: str
    reason: Text
    advice: Text | None


class FolderOfOther(NamedTuple):
    """An output folder with the files of another config.

    Attributes:
        path: the folder.
        config_name: the file name of the other config.
        control_planes: the addresses of its control planes, where its name is the same; else ().
    """

    path: str
    config_name: str
    control_planes: tuple[str, ...] = ()


EndpointT = TypeVar("EndpointT", bound=Endpoint)
ConfigT = TypeVar("ConfigT")


class Subject(Generic[EndpointT, ConfigT]):
    """What a config describes, as it is or as a plan makes it.

    Attributes:
        cluster: the hosts and their roles, which no plan changes.
        endpoint: the endpoint as it is, or as it will be.
        config: the files as they are, as their dialect reads them.
        today: the endpoint before the plan; None if nothing is planned.
        vip: the floating address; None if none is planned.
        lb_hosts: the servers that hold it in turn; None if they are not known.
        lb_is_guide: they get the files of KubeSphere's guide, not kkplan's.
        overwritten_files: files in the output folder that kkplan did not write, or that were changed since, and that
            the plan replaces.
        unfit_folder: why the output folder cannot be written to; None if it can, or no files are planned.
        folder_of_other: the output folder, if it holds the files of another config; else None.
        files_on_disk: the files with their permission bits; none from standard input, nor where these are not judged.
        whole_file: the file is checked by itself, with what a plan neither changes nor depends on.
    """

    def __init__(
        self,
        cluster: Cluster,
        endpoint: EndpointT,
        config: ConfigT,
        *,
        today: EndpointT | None = None,
        vip: Vip | None = None,
        lb_hosts: tuple[LbHost, ...] | None = None,
        lb_is_guide: bool = False,
        overwritten_files: tuple[str, ...] = (),
        unfit_folder: UnfitFolder | None = None,
        folder_of_other: FolderOfOther | None = None,
        files_on_disk: tuple[tuple[Document, int], ...] = (),
        whole_file: bool = False,
    ) -> None:
        self.cluster = cluster
        self.endpoint = endpoint
        self.config = config
        self.today = today
        self.vip = vip
        self.lb_hosts = lb_hosts
        self.lb_is_guide = lb_is_guide
        self.overwritten_files = overwritten_files
        self.unfit_folder = unfit_folder
        self.folder_of_other = folder_of_other
        self.files_on_disk = files_on_disk
        self.whole_file = whole_file

    def replaced(self, **changes: Any) -> Subject[EndpointT, ConfigT]:
        """The same but for these attributes."""
        other = Subject.__new__(Subject)
        vars(other).update(vars(self), **changes)
        return other


class Rule(NamedTuple):
    """One rule.

    An example is a part of a config: keys of `spec`, `metadata` or the file's top, which take the place of those of a
    right config; or, in lines that begin with `$ `, commands in a folder with a right config-sample.yaml in it. One
    that begins with `# config.yaml` or `# inventory.yaml` is a part of that file of KubeKey 4, whose other file is right;
    `# config.yaml, no inventory.yaml` has no other file.

    Attributes:
        id: `KK` and three digits, never used again for another rule. KK1xx: the control plane endpoint and what it
            depends on; KK2xx: what a plan writes; KK3xx: the rest of the file; KK4xx: KubeKey 4's config and inventory.
        severity: what its findings are, unless the rule says otherwise of one.
        title: what it finds, in a line.
        check: yields a finding for each place where the subject breaks the rule, with a fix where no person has to decide.
        why: what goes wrong, and when it is noticed.
        source: where that is known from: a file of KubeKey and what in it, a man page, an RFC.
        bad: an example in which the rule finds something.
        good: the same, fixed: no rule finds anything in it.
        until_survives: its findings of today are not fixed before the endpoint survives the loss of a machine.
        for_plans: a plan depends on what it judges.
        fixable: some of its findings can be fixed without a person.
        instead_of: rules for any KubeKey whose findings at the same place this one's replace: it knows what kk does there.
    """

    id: str
    severity: Severity
    title: Text
    check: Callable[[Any], Iterable[Finding]]
    why: Text
    source: str
    bad: str
    good: str
    until_survives: bool = False
    for_plans: bool = True
    fixable: bool = False
    instead_of: frozenset[str] = frozenset()

    def finding(
        self,
        message: Text,
        advice: Text,
        *,
        at: Place | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.id, severity or self.severity, message, advice, at, fix=fix)
