"""Pairs to rehearse: kkplan's own, in folders as `kkplan apply` writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kkplan.cluster.backend import Backend
from kkplan.cluster.load_balancer import LbHost, Vip
from kkplan.lab.requirements import missing_requirement
from kkplan.modes.keepalived.bundle import bundle
from kkplan.modes.keepalived.pair_settings import PairSettings
from kkplan.plan.artifact import Artifact
from tests.conftest import INSTALLATION, ROOT

Write = Callable[..., Path]
HAND_MADE = ROOT / "docs" / "hand-made-pair"
NETWORKS = {"ipv4": ("172.16.0.", 24), "ipv6": ("fd00:60::", 64)}

_missing = missing_requirement()
needs_lab = pytest.mark.skipif(_missing is not None, reason=str(_missing))


def own_pair(
    family: str = "ipv4", lbs: int = 2, control_planes: int = 3, is_guide: bool = False
) -> tuple[Artifact, ...]:
    """The files that kkplan writes, its own or the guide's; the NIC is one whose name is not the default."""
    network, prefix = NETWORKS[family]
    return bundle(
        PairSettings(
            vip=Vip(f"{network}10", prefix),
            port=6443,
            virtual_router_id=60,
            lb_hosts=tuple(LbHost(f"lb{number}", f"{network}{number + 1}", "ens192") for number in range(1, lbs + 1)),
            backends=tuple(Backend(f"master{n}", f"{network}{20 + n}") for n in range(1, control_planes + 1)),
            domain="lb.kubesphere.local",
            installation=INSTALLATION,
            is_guide=is_guide,
        )
    )


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes files to a folder of that name as `kkplan apply` does, and returns it."""

    def write(artifacts: tuple[Artifact, ...], name: str = "kkplan-out") -> Path:
        folder = tmp_path / name
        for artifact in artifacts:
            path = folder / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(artifact.content, encoding="utf-8")
            path.chmod(artifact.mode)
        return folder

    return write
