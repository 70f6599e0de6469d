"""A cluster as JSON, in English whatever the language; its form is schemas/cluster-view.schema.json. It holds no secret."""

from __future__ import annotations

from kkplan import __version__
from kkplan.cluster.cluster import Cluster
from kkplan.cluster.survival import Survival
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import Look
from kkplan.render.plan.as_json import effective_data
from kkplan.shown import shown, shown_data
from kkplan.visible import json_text

VERSION = 1


def cluster_json(name: str, cluster: Cluster, survival: Survival, look: Look) -> str:
    """Hosts, groups, endpoint and what fails with what."""
    data = {
        "version": VERSION,
        "kkplan": __version__,
        "config": name,
        "name": shown(cluster.name),
        "hosts": [
            shown_data({"name": host.name, "address": host.address, "internalAddresses": host.internal_addresses})
            for host in cluster.hosts
        ],
        "roleGroups": {shown(group): shown_data(list(dict.fromkeys(members))) for group, members in cluster.groups},
        "controlPlanes": [shown(host.name) for host in cluster.control_planes],
        "workers": [shown(host.name) for host in cluster.workers],
        "etcd": {
            "type": shown(cluster.etcd_type),
            "members": [shown(host.name) for host in cluster.etcd_members],
            "survivesLossOf": survival.etcd_losses,
        },
        "endpoint": effective_data(survival.effective),
        "road": [{"name": hop.name.english, "places": shown_data(hop.places)} for hop in survival.road],
        "singlePointsOfFailure": [point.english for point in survival.single_points],
    }
    return json_text(data)


FORMAT = ClusterFormat("json", cluster_json)
