"""A cluster as JSON, in English whatever the language; its form is schemas/cluster-view.schema.json. It holds no secret."""

from __future__ import annotations

import json

from kkplan import __version__
from kkplan.cluster.cluster import Cluster
from kkplan.cluster.survival import Survival
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import Look
from kkplan.render.plan.as_json import effective_data
from kkplan.secret import masked_data

VERSION = 1


def cluster_json(name: str, cluster: Cluster, survival: Survival, look: Look) -> str:
    """Hosts, groups, endpoint and what fails with what."""
    data = {
        "version": VERSION,
        "kkplan": __version__,
        "config": name,
        "name": cluster.name,
        "hosts": [
            {"name": host.name, "address": host.address, "internalAddresses": list(host.internal_addresses)}
            for host in cluster.hosts
        ],
        "roleGroups": {group: list(dict.fromkeys(members)) for group, members in cluster.groups},
        "controlPlanes": [host.name for host in cluster.control_planes],
        "workers": [host.name for host in cluster.workers],
        "etcd": {
            "type": cluster.etcd_type,
            "members": [host.name for host in cluster.etcd_members],
            "survivesLossOf": survival.etcd_losses,
        },
        "endpoint": effective_data(survival.effective),
        "road": [{"name": hop.name.english, "places": list(hop.places)} for hop in survival.road],
        "singlePointsOfFailure": [point.english for point in survival.single_points],
    }
    return json.dumps(masked_data(data), ensure_ascii=False, indent=2) + "\n"


FORMAT = ClusterFormat("json", cluster_json)
