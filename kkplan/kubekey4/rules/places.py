"""Findings about where kk ends, and where they are shown."""

from kkplan.document.place import Place
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.installation import failures
from kkplan.kubekey4.precheck import Failure, Phase
from kkplan.plan.finding import Findings
from kkplan.plan.rule import Rule


def place_of(files: Files, failure: Failure) -> Place:
    """The place of what kk ends at: in the config where it is written there, else at the host or group."""
    inventory = files.inventory
    key = None
    if inventory is not None and files.entry_at(*failure.path) is None:
        key = inventory.places.get(failure.host) or inventory.group_places.get(failure.group)
    if key is not None and inventory is not None:
        return inventory.document.place_of(key)
    if failure.group and inventory is not None:
        return inventory.place
    return files.place_at(*failure.path)


def failure_findings(files: Files, rule: Rule, *phases: Phase) -> Findings:
    """The rule's findings: what ends kk in these phases, once the files are loaded."""
    for failure in failures(files) if not files.load_stops else ():
        if failure.phase in phases:
            yield rule.finding(failure.message, failure.advice, at=place_of(files, failure))
