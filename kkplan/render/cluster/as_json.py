"""A cluster as JSON, in English whatever the language; its form is schemas/cluster-view.schema.json. It holds no secret."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from kkplan import __version__
from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.cluster.cluster import Cluster, is_ip
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.cluster.survival import Survival
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import OutputOptions
from kkplan.shown import shown, shown_data, shown_node
from kkplan.use.plan_data import effective_data
from kkplan.visible import json_text

VERSION = 1


def cluster_json(name: str, cluster: Cluster, survival: Survival, options: OutputOptions) -> str:
    """Hosts, groups, endpoint and what fails with what."""
    data = {
        "version": VERSION,
        "kkplan": __version__,
        "config": name,
        "name": shown(cluster.name),
        "hosts": [
            {
                "name": shown_node(host.name),
                "address": shown(host.address),
                "internalAddresses": shown_data(host.internal_addresses),
            }
            for host in cluster.hosts
        ],
        "roleGroups": {shown(group): _names(dict.fromkeys(members)) for group, members in cluster.groups},
        "controlPlanes": _names(host.name for host in cluster.control_planes),
        "workers": _names(host.name for host in cluster.workers),
        "etcd": {
            "type": shown(cluster.etcd_type),
            "members": _names(host.name for host in cluster.etcd_members),
            "survivesLossOf": survival.etcd_losses,
        },
        "endpoint": {**effective_data(survival.effective), "leadsTo": _leads_to(survival.effective)},
        **_endpoint_details(cluster, survival.effective),
        "requestPath": [{"name": hop.name.english, "places": list(hop.places)} for hop in survival.road],
        "singlePointsOfFailure": [point.english for point in survival.single_points],
        "notes": [note.english for note in survival.effective.notes],
    }
    return json_text(data)


def _endpoint_details(cluster: Cluster, effective: EffectiveEndpoint) -> dict[str, Any]:
    firsts, names = effective.first_control_planes, {host.name for host in cluster.hosts}
    servers = [
        {"name": shown_node(server.name), "address": shown(server.address), "port": server.port}
        for server in effective.haproxy_servers
    ]
    return {
        "certSANs": [_san(san, names) for san in effective.cert_sans],
        "haproxy": {
            "hosts": _names(effective.haproxy_hosts),
            "bind": shown(effective.haproxy_bind),
            "servers": servers,
        },
        "kubeVip": {
            "hosts": _names(effective.kube_vip_hosts),
            "address": shown(effective.kube_vip_address),
            "port": API_SERVER_PORT if effective.kube_vip_hosts else 0,
        },
        "firstControlPlane": {"isCertain": len(firsts) == 1, "isOneOf": _names(firsts)},
    }


def _leads_to(effective: EffectiveEndpoint) -> dict[str, Any]:
    return {
        shown_node(one.node): {
            "afterInstall": shown_data(one.after_install),
            "afterAddNodes": shown_data(one.after_add_nodes),
        }
        for one in effective.leads_to
    }


def _san(san: str, hosts: Container[str]) -> str:
    """A host's name may be shown, though other texts of this form may not."""
    if is_ip(san):
        return shown(san)
    dots = (found.start() for found in re.finditer(r"\.", san))
    end = next((dot for dot in dots if san[:dot] in hosts), len(san))
    return shown_node(san[:end]) + ("." + shown(san[end + 1 :]) if end < len(san) else "")


def _names(names: Iterable[str]) -> list[str]:
    return list(map(shown_node, names))


FORMAT = ClusterFormat("json", cluster_json)
