"""After the install: the nodes' /etc/hosts, as far as they were handed in, lead the endpoint's domain where kk's plan does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kkplan.cluster.cluster import same_address
from kkplan.cluster.site import HostsEntry
from kkplan.locale import T, Text, named
from kkplan.shown import shown
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext

# The first lines of a file that cloud-init writes at each boot (its templates/hosts.*.tmpl, module update_etc_hosts).
_CLOUD_INIT = "manage_etc_hosts"


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Needs no probe: the files are there."""
    site = context.site
    entries = {entry.node: entry for entry in site.hosts_entries}
    return [
        found for node, content in context.hosts_files.items() for found in judged(entries[node], site.domain, content)
    ]


def addresses_of(domain: str, content: str) -> list[str]:
    """The addresses that a hosts file has for the domain, in the order of its lines (hosts(5))."""
    found = []
    for line in content.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if domain.casefold() in map(str.casefold, names):
            found.append(address)
    return found


def judged(entry: HostsEntry, domain: str, content: str) -> Iterator[Observation]:
    """What the file says about the domain, and whether it will stay so."""
    outcome, what, advice = _judged_addresses(entry.addresses, domain, addresses_of(domain, content))
    yield Observation(outcome, entry.node, what, advice)
    if _CLOUD_INIT in content:
        yield Observation(
            Outcome.WARNING,
            entry.node,
            T("cloud-init wrote this file, and writes it again at each boot, without the line that kk adds"),
            T(
                "Set manage_etc_hosts: false in /etc/cloud/cloud.cfg, or add the line to the template that the file names"
            ),
        )


def _judged_addresses(wanted: Sequence[str], domain: str, found: Sequence[str]) -> tuple[Outcome, Text, Text | None]:
    values: dict[str, object] = {
        "domain": domain,
        "found": named(", ".join(map(shown, dict.fromkeys(found)))),
        "wanted": ", ".join(wanted),
    }
    strange = [address for address in found if not any(same_address(address, own) for own in wanted)]
    lines = T("Keep one line for the domain in /etc/hosts: {wanted} {domain}", **values)
    if not wanted:
        if not found:
            return Outcome.OK, T("no line for {domain}, as planned: DNS has to resolve it", **values), None
        advice = T("kk writes no line for it. Remove the line, so that DNS resolves the domain")
        return Outcome.WARNING, T("{domain} leads to {found}, which overrides DNS", **values), advice
    if not found:
        return Outcome.FAILED, T("no line for {domain}", **values), T("Add to /etc/hosts: {wanted} {domain}", **values)
    if len(strange) == len(found):
        return Outcome.FAILED, T("{domain} leads to {found}, not to {wanted}", **values), lines
    if strange:
        return Outcome.FAILED, T("{domain} leads to several addresses: {found}", **values), lines
    if len(found) > len(wanted):
        text = T("{count} lines for {domain}, all with {found}", count=len(found), **values)
        return Outcome.WARNING, text, lines
    return Outcome.OK, T("{domain} leads to {found}", **values), None


CHECK = Check("hosts-files", 80, T("/etc/hosts of the nodes"), run, after=True)
