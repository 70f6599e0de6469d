"""What a rule is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.config import Config
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.document import DocumentError
from kkplan.document.place import Place
from kkplan.document.settings import plan_edits
from kkplan.locale import Text
from kkplan.parts import part_names
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


class Subject(NamedTuple):
    """What the rules look at.

    Attributes:
        cluster: the config as it is, or as it will be.
        mode: the name of the mode that is planned; "" where a file alone is judged.
        vip: the floating address; None where none is planned.
        lb_hosts: the servers that hold it in turn; None where they are not known.
        overwritten_files: files in the output folder that kkplan did not write, or that were changed since, and that
            the plan replaces.
        unfit_folder: why the output folder cannot be written to; None where it can, or no files are planned.
        config: the file as it is, for what else it says than the cluster does; None where that is not judged.
        permissions: the file's permission bits; None for standard input and where it is not judged.
        today: the cluster as it is before the plan; None where nothing is planned.
        whole_file: the file is checked by itself, with what a plan neither changes nor stands on; judge() sets it.
    """

    cluster: Cluster
    mode: str = ""
    vip: Vip | None = None
    lb_hosts: tuple[LbHost, ...] | None = None
    overwritten_files: tuple[str, ...] = ()
    unfit_folder: UnfitFolder | None = None
    config: Config | None = None
    permissions: int | None = None
    today: Cluster | None = None
    whole_file: bool = False


class Rule(NamedTuple):
    """One rule.

    An example is a part of a config: keys of `spec`, `metadata` or the file's top, which take the place of those of a
    right config; or, in lines that begin with `$ `, commands in a folder with a right config-sample.yaml in it.

    Attributes:
        id: `KK` and three digits, never used again for another rule. KK1xx: the control plane endpoint and what it
            stands on; KK2xx: what a plan writes; KK3xx: the rest of the file.
        severity: what its findings are, unless the rule says otherwise of one.
        title: what it finds, in a line.
        check: yields a finding for each place where the subject breaks the rule.
        why: what goes wrong, and when it is noticed.
        source: where that is known from: a file of KubeKey and what in it, a man page, an RFC.
        bad: an example in which the rule finds something.
        good: the same, mended: no rule finds anything in it.
        until_survives: its findings of today are not mended before the endpoint survives the loss of a machine.
        fix: how to mend a finding, None for one that only a person can mend; None where no finding can be.
    """

    id: str
    severity: Severity
    title: Text
    check: Callable[[Subject], Iterable[Finding]]
    why: Text
    source: str
    bad: str
    good: str
    until_survives: bool = False
    fix: Callable[[Config, Finding], Fix | None] | None = None

    def finding(
        self, message: Text, advice: Text, *, at: Place | None = None, severity: Severity | None = None
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.id, severity or self.severity, message, advice, at)

    def fix_of(self, config: Config, finding: Finding) -> Fix | None:
        """How to mend a finding of this rule; None where a person has to decide."""
        fix = self.fix(config, finding) if self.fix is not None else None
        return fix if fix is not None and _can_be_written(config, fix) else None


def _can_be_written(config: Config, fix: Fix) -> bool:
    """Whether the edit touches the one place only: a value with an anchor may stand for others too."""
    try:
        plan_edits(config.document, config.block, fix.settings)
    except DocumentError:
        return False
    return True


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in the order of the ids: each module of this package that is named `kk…` has one as RULE."""
    return tuple(rule_named(rule_id) for rule_id in rule_modules())


@cache
def rule_modules() -> Mapping[str, str]:
    """The id of every rule, in their order, and its module's name: `kk101_…` has KK101."""
    package = import_module(__package__)
    names = [name for name in part_names(package) if name.startswith("kk")]
    return {name.partition("_")[0].upper(): name for name in names}


def rule_named(rule_id: str) -> Rule:
    """The rule of that id.

    Raises:
        KeyError: there is none.
    """
    rule: Rule = import_module(f"{__package__}.{rule_modules()[rule_id]}").RULE
    return rule


# Of the rest of the file, what a plan stands on: of machines with one name or address, some do not exist for kk; a control
# character in a name makes files and diffs read otherwise than they are; some names the files cannot hold.
_STOOD_ON = ("KK310", "KK311", "KK314", "KK316")


def judge(subject: Subject, ids: Iterable[str] | None = None, *, whole_file: bool = False) -> Iterator[Finding]:
    """The findings of all rules, or of those with these ids, in the order of the rules.

    Args:
        whole_file: use all of KK3xx too, on what a plan neither changes nor stands on.
    """
    wanted = None if ids is None else frozenset(ids)
    for rule_id in rule_modules():
        concerns = whole_file or rule_id in _STOOD_ON or not rule_id.startswith("KK3")
        if concerns and (wanted is None or rule_id in wanted):
            yield from rule_named(rule_id).check(subject._replace(whole_file=whole_file))
