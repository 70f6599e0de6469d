"""A cluster in a few lines, for the first screen of the wizard."""

from __future__ import annotations

from kkplan.cluster.cluster import Cluster, Host
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.locale import T, Verbatim, named
from kkplan.shown import shown, shown_node

SHOWN_HOSTS = 8


def cluster_in_brief(cluster: Cluster, effective: EffectiveEndpoint, config_name: str) -> str:
    """Control planes, etcd, workers and today's endpoint."""
    rows = (
        (T("control planes"), cluster.control_planes),
        (T("etcd"), cluster.etcd_members),
        (T("workers"), cluster.workers),
    )
    lines = [str(T("{config}: cluster {name}", config=named(config_name), name=cluster.name or "?"))]
    lines += [
        f"  {T('{label} ({count}): {text}', label=label, count=len(hosts), text=_hosts(hosts))}"
        for label, hosts in rows
    ]
    lines.append(f"  {T('{label}: {text}', label=T('endpoint today'), text=effective.summary)}")
    return "\n".join(lines) + "\n"


def _hosts(hosts: tuple[Host, ...]) -> Verbatim:
    first = ", ".join(f"{shown_node(host.name)} {shown(host.internal_address)}" for host in hosts[:SHOWN_HOSTS])
    more = f", … +{len(hosts) - SHOWN_HOSTS}" if len(hosts) > SHOWN_HOSTS else ""
    return Verbatim(first + more if hosts else "-")
