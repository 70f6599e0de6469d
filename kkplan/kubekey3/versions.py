"""The Kubernetes version of a config, and those that KubeKey 3.1.12, its last release, carries binaries for.

Source: version/components.json of KubeKey 3.1.12, by kubeadm, k3s and k8e.
"""

from __future__ import annotations

import re

from kkplan.kubekey3.config import K3S, K8E, Config

KUBEKEY = "3.1.12"
DEFAULT_VERSION = "v1.23.17"  # default.go, DefaultKubeVersion

# loader.go, kubeReleaseRegex.
VERSION = re.compile(r"v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)([-0-9a-zA-Z_.+]*)?\Z")

# The minor version of Kubernetes 1 → its patches.
_KUBERNETES: dict[int, tuple[int, ...]] = {
    19: (0, 8, 9, 15),
    20: (4, 6, 10),
    **{minor: tuple(range(15)) for minor in (21, 30)},
    **{minor: tuple(range(18)) for minor in (22, 23, 24)},
    **{minor: tuple(range(17)) for minor in (25, 27)},
    **{minor: tuple(range(16)) for minor in (26, 28)},
    29: (*range(13), 14, 15),
    31: tuple(range(13)),
    32: tuple(range(9)),
    33: tuple(range(5)),
}
_CARRIED = {
    K3S: ("v1.20.2", "v1.20.4", "v1.21.4", "v1.21.6", "v1.23.13", "v1.24.7"),
    K8E: ("v1.21.14", "v1.25.5"),
}


def kubernetes_version(config: Config) -> str:
    """What kk installs, `v1.26.5`: the version without what is after a hyphen, or its default."""
    written = config.written_at("kubernetes", "version")
    if not VERSION.match(written):
        return DEFAULT_VERSION  # no version to kk, as KK303 says
    return f"v{written.removeprefix('v').partition('-')[0]}"


def minor_version(version: str) -> int:
    """26 of `v1.26.5`."""
    return int(version.removeprefix("v").split(".")[1][:9])


def carried_versions(distribution: str, minor: int = -1) -> tuple[str, ...]:
    """The versions of Kubernetes, K3s or K8e that kk carries; of Kubernetes those of one minor version."""
    if distribution in _CARRIED:
        return _CARRIED[distribution]
    return tuple(f"v1.{minor}.{patch}" for patch in _KUBERNETES.get(minor, ()))


def is_carried(version: str, distribution: str) -> bool:
    """Whether kk has the binaries of that version."""
    return version in carried_versions(distribution, minor_version(version))


def oldest_and_newest() -> tuple[str, str]:
    """Of Kubernetes."""
    oldest, newest = min(_KUBERNETES), max(_KUBERNETES)
    return f"v1.{oldest}.{_KUBERNETES[oldest][0]}", f"v1.{newest}.{_KUBERNETES[newest][-1]}"
