"""What KubeKey 4's own code did with 400 made-up pairs of config and inventory, and the pairs on which kkplan differs.

The files are made outside of this repository: kk's command line, loader, variables, templates and role files were run on
machines that are stand-ins; kubeadm always succeeded. When the precheck failed, the install was run again without it.
`by-version` has 52 of the pairs under other versions.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

from tests.conftest import ROOT

Answer = dict[str, Any]

OWN_NODE = ["127.0.0.1", "::1"]
# Pair → why kkplan differs; docs/kubekey4-agreement.md says it at length.
KEPT = {
    "0819-file-cr": "line ends that are carriage returns alone: KK001",
    "0850-file-hostnewline": "a host with a line break in it is one text to kkplan, and two lines to kubeadm",
    "1108-noinventory-local": "an inventory in the config's place and nothing else",
    "0340-random-kube-vip": "the VIP was the address of the machine that kk ran on",
    "0481-random-kube-vip": "the VIP was the address of the machine that kk ran on",
}


@cache
def answers() -> tuple[Answer, ...]:
    """All pairs under v4.0.6, in the order of the file."""
    return _lines("answers")


@cache
def of_other_versions() -> tuple[Answer, ...]:
    """The pairs under v4.0.5 and main: those of older versions kkplan does not describe."""
    return tuple(answer for answer in _lines("by-version") if answer["version"] in ("v4.0.5", "main"))


def _lines(name: str) -> tuple[Answer, ...]:
    with gzip.open(ROOT / "tests" / "fixtures" / "kubekey4" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(map(json.loads, lines))


def written(value: Any) -> str:
    """A value as a template of kk writes it."""
    if value is None:
        return "<no value>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def joins_at_own_node(answer: Answer) -> bool:
    """Whether a node that joins the cluster looks for its API server on itself, or has no address for it."""
    where, run = answer["hostLeadsToWhenKubeadmRuns"], answer["kubeadmRunOnNode"]
    return any(run.get(node) == "join" and found[:1] == OWN_NODE[:1] for node, found in where.items())


def leads_to(answer: Answer, moment: str, node: str, init: str | None, own: tuple[str, ...]) -> list[str]:
    """The addresses of the endpoint on a node at `afterInstall` or `afterAddNodes`, in kkplan's words.

    Args:
        init: the init node, where kkplan says that it depends on the draw; None where it says more.
        own: that node's addresses.
    """
    key = {"afterInstall": "hostLeadsToAfterInstall", "afterAddNodes": "hostLeadsToAfterAddWorker"}[moment]
    found: list[str] = answer[key][node]
    expected = OWN_NODE if node == init else list(own)
    if init is not None and found[len(found) - len(expected) :] == expected:
        return [*found[: len(found) - len(expected)], "init-node"]
    return found
