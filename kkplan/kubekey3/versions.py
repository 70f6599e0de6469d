"""The Kubernetes versions that KubeKey 3.1.12, the last KubeKey 3, has binaries for.

Source: version/components.json of KubeKey 3.1.12, by kubeadm, k3s and k8e.
"""

from __future__ import annotations

import re

KUBEKEY = "3.1.12"
DEFAULT_VERSION = "v1.23.17"  # default.go, DefaultKubeVersion
# loader.go, kubeReleaseRegex.
_READABLE = re.compile(r"v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)([-0-9a-zA-Z_.+]*)?\Z")

# Minor version → patch versions.
_KUBERNETES: dict[int, tuple[int, ...]] = {
    19: (0, 8, 9, 15),
    20: (4, 6, 10),
    21: tuple(range(15)),
    22: tuple(range(18)),
    23: tuple(range(18)),
    24: tuple(range(18)),
    25: tuple(range(17)),
    26: tuple(range(16)),
    27: tuple(range(17)),
    28: tuple(range(16)),
    29: (*range(13), 14, 15),
    30: tuple(range(15)),
    31: tuple(range(13)),
    32: tuple(range(9)),
    33: tuple(range(5)),
}
_OTHERS: dict[str, dict[int, tuple[int, ...]]] = {
    "k3s": {20: (2, 4), 21: (4, 6), 23: (13,), 24: (7,)},
    "k8e": {21: (14,), 25: (5,)},
}


def is_readable(version: str) -> bool:
    """Whether kk reads the text as a version. Otherwise it installs its default version."""
    return _READABLE.match(version) is not None


def normalized(version: str) -> str:
    """The version with a leading v; "" if kk does not read it as a version (loader.go, normalizedBuildVersion)."""
    return "v" + version.removeprefix("v") if is_readable(version) else ""


def minor_version(version: str) -> int:
    """The minor version: 26 for `v1.26.5`."""
    return int(version.removeprefix("v").split(".")[1][:9])


def installed_versions(distribution: str) -> tuple[str, ...]:
    """All versions of `k3s`, `k8e` or (for any other value) Kubernetes, oldest first."""
    patches = _OTHERS.get(distribution, _KUBERNETES)
    return tuple(f"v1.{minor}.{patch}" for minor, own in patches.items() for patch in own)
