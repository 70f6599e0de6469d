"""What KubeKey v3.1.12's own code did with 1,764 made-up configs, and the configs on which kkplan differs on purpose.

The file is made outside of this repository: kk's loader, defaults, role groups, certificate SANs, templates and
confirmation were run on each config. What needs SSH was not.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from tests.conftest import ROOT

Answer = dict[str, Any]

# Config → the error of kkplan's by which its owner is told; docs/kubekey3-agreement.md has the reasons.
KEPT = {
    "small-26-dots": "KK001",
    "made-01807": "KK001",
    "made-03216": "KK001",
    "made-06954": "KK001",
    "made-08731": "KK001",
}


@cache
def answers() -> tuple[Answer, ...]:
    """All of them, in the order of the file."""
    with gzip.open(ROOT / "tests" / "fixtures" / "kubekey3" / "answers.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(map(json.loads, lines))


def accepted() -> tuple[Answer, ...]:
    """Those that kk would install from and on which kkplan does not differ on purpose."""
    return tuple(answer for answer in answers() if answer["kk"] == "accepts" and answer["name"] not in KEPT)


def address_choices(answer: Answer) -> set[str]:
    """The addresses of which one comes to stand in /etc/hosts for the domain; "" for no line."""
    line: str = answer["endpointLineOfEtcHosts"]
    address = line.removesuffix("  " + answer["domain"])
    if answer["skipConfigureOS"] or not line:
        return {""}
    if answer["internalLoadbalancer"] == "haproxy":
        return {"127.0.0.1"}  # by `sed`, once the cluster is up
    if answer["externalDNS"] and not answer["addressAfterDefaults"]:
        ipv4 = {name: first for name, _, first, _ in answer["hosts"]}
        return {ipv4[name] for name in answer["firstControlPlaneIsOneOf"]}
    return {address}


def etcd_members(answer: Answer) -> set[str]:
    """The hosts that run etcd: kk keeps the role group also where kubeadm or somebody else runs it."""
    where = {"kubeadm": "controlPlanes", "external": ""}.get(answer["etcdType"], "etcd")
    return set(answer.get(where) or ())
