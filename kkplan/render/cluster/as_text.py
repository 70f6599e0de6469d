"""A cluster as text: hosts and roles as a table, etcd, the endpoint, the request path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import INIT_NODE, EffectiveEndpoint
from kkplan.cluster.survival import Survival
from kkplan.locale import T, named
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import OutputOptions
from kkplan.render.style import BOLD, DIM, GREEN, RED, YELLOW, padded, painted, width_of, wrapped
from kkplan.render.topology.text_drawing import text_drawing
from kkplan.shown import shown, shown_node

_SHOWN_PLACES = 5
# A table of thousands of hosts would hide the rest.
_SHOWN_HOSTS = 50


def cluster_text(name: str, cluster: Cluster, survival: Survival, options: OutputOptions) -> str:
    """The report, in the order of the request path."""
    parts = (
        _hosts(name, cluster, options),
        _etcd(cluster, survival, options),
        _road(survival, options),
        *([_leads_to(survival.effective, options)] if survival.road and survival.effective.leads_to else []),
        _weak(survival, options),
        *([_notes(survival, options)] if survival.effective.notes else []),
    )
    return "\n".join("".join(wrapped(line, options.width) for line in part) for part in parts)


def _hosts(name: str, cluster: Cluster, options: OutputOptions) -> Iterator[str]:
    title = T(
        "{config}: cluster {name}, hosts: {count}",
        config=named(name),
        name=cluster.name or "?",
        count=len(cluster.hosts),
    )
    yield painted(f"{title}\n", BOLD, colour=options.colour)
    roles: dict[str, list[str]] = {}
    for group, members in cluster.groups:
        for member in dict.fromkeys(members):
            roles.setdefault(member, []).append(shown(group))
    rows = [(str(T("host")), str(T("address")), str(T("internal address")), str(T("role groups")))]
    for host in cluster.hosts[:_SHOWN_HOSTS]:
        own = ", ".join(roles.get(host.name, ())) or str(T("none"))
        rows.append((shown_node(host.name), shown(host.address), shown(",".join(host.internal_addresses)), own))
    yield from _table(rows, options)
    if len(cluster.hosts) > _SHOWN_HOSTS:
        yield f"  {T('… and {count} more', count=len(cluster.hosts) - _SHOWN_HOSTS)}\n"


def _etcd(cluster: Cluster, survival: Survival, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('etcd')}\n", BOLD, colour=options.colour)
    if cluster.has_outside_etcd:
        yield f"  {T('external: the config does not show how many failures it tolerates')}\n"
        return
    colour = GREEN if survival.etcd_losses else RED
    text = T(
        "members: {count}; tolerated failures: {losses}",
        count=survival.etcd_members,
        losses=survival.etcd_losses,
    )
    names = ", ".join(shown_node(host.name) for host in cluster.etcd_members)
    yield f"  {painted(str(text), colour, colour=options.colour)}{f'  ({names})' if names else ''}\n"


def _road(survival: Survival, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('Effective endpoint')}\n", BOLD, colour=options.colour)
    colour = GREEN if survival.effective.survives else RED
    yield f"  {painted(str(survival.effective.summary), colour, colour=options.colour)}\n"
    if not survival.road:
        return
    yield "\n"
    yield painted(f"{T('Request path')}\n", BOLD, colour=options.colour)
    drawing = text_drawing(survival.road, options)
    if drawing is not None:
        yield drawing
        return
    width = max(width_of(str(hop.name)) for hop in survival.road)
    for number, hop in enumerate(survival.road):
        arrow = "->" if number else "  "
        line = f"  {arrow} {padded(str(hop.name), width)}  {_places(hop.places)}\n"
        yield wrapped(line, options.width, width + 7)


def _leads_to(effective: EffectiveEndpoint, options: OutputOptions) -> Iterator[str]:
    """Nodes on which the domain leads to the same addresses share a row."""
    title = T("Where {domain} leads, by /etc/hosts", domain=effective.domain)
    yield painted(f"{title}\n", BOLD, colour=options.colour)
    alike: dict[tuple[str, str], list[str]] = {}
    for one in effective.leads_to:
        alike.setdefault((_targets(one.after_install), _targets(one.after_add_nodes)), []).append(shown_node(one.node))
    rows = [(str(T("nodes")), str(T("after the install")), str(T("after kk add nodes")))]
    rows += [(_places(tuple(nodes)), *targets) for targets, nodes in alike.items()]
    yield from _table(rows, options)


def _table(rows: Sequence[Sequence[str]], options: OutputOptions) -> Iterator[str]:
    """The rows, the first of them the head; what does not fit is broken below the last column."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    hanging = 2 + sum(width + 2 for width in widths[:-1])
    for number, row in enumerate(rows):
        cells = "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        line = painted(f"  {cells}\n", DIM, colour=options.colour and number == 0)
        yield wrapped(line, options.width, hanging if hanging < options.width else None)


def _targets(addresses: tuple[str, ...]) -> str:
    shown_ones = (str(T("the init node")) if one == INIT_NODE else shown(one) for one in addresses)
    return ", ".join(shown_ones) or str(T("nowhere"))


def _places(places: tuple[str, ...]) -> str:
    more = [str(T("… and {count} more", count=len(places) - _SHOWN_PLACES))] if len(places) > _SHOWN_PLACES else []
    return ", ".join([*places[:_SHOWN_PLACES], *more])


def _weak(survival: Survival, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('Single points of failure')}\n", BOLD, colour=options.colour)
    for point in survival.single_points:
        yield f"  {painted('!', YELLOW, colour=options.colour)} {point}\n"
    if not survival.road:
        yield f"  {painted('!', RED, colour=options.colour)} {T('kk would not install anything: see above')}\n"
    elif not survival.single_points:
        yield f"  {painted(str(T('none found in the config')), GREEN, colour=options.colour)}\n"


def _notes(survival: Survival, options: OutputOptions) -> Iterator[str]:
    yield painted(f"{T('Not visible in the config')}\n", BOLD, colour=options.colour)
    for note in survival.effective.notes:
        yield f"  {note}\n"


FORMAT = ClusterFormat("text", cluster_text)
