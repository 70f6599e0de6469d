"""A ClusterConfiguration or ConfigMap whose label gives kk no version of KubeSphere that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, resolve_alias
from kkplan.document.scalar import meaning
from kkplan.kubekey3.keys import find
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule

_KINDS = ("ClusterConfiguration", "ConfigMap")
# version_enum.go: VersionMap; LatestRelease and DevRelease take what begins like one of them, and these words.
_RELEASES = ("2.1.1", "3.0.0", "3.1.0", "3.1.1", "3.2.0", "3.2.1", "3.3.0", "3.3.1", "3.3.2", "3.4.0", "3.4.1")
_KNOWN = re.compile(
    rf"v?(?:{'|'.join(map(re.escape, _RELEASES))})(?![.]?[0-9])|nightly-|(?:latest|master)\Z|.*release", re.DOTALL
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find further documents of these kinds without metadata.labels.version, or with one that is no KubeSphere's."""
    config = subject.config
    for root in config.document.roots:
        kind = _at(root, "kind")
        if not isinstance(root, Mapping) or not isinstance(kind, Scalar) or kind.value not in _KINDS:
            continue
        version = _at(root, "metadata", "labels", "version")
        if not isinstance(version, Scalar) or not isinstance(meaning(version), str) or not version.value:
            yield RULE.finding(
                T("{kind} without metadata.labels.version as text: kk stops or panics", kind=kind.value),
                T("Add the label, with the version of KubeSphere: version: v3.4.1"),
                at=config.document.place_of(kind),
            )
        elif not _KNOWN.match(version.value):
            yield RULE.finding(
                T("KubeKey 3.1 does not know KubeSphere {version} and stops with an error", version=version.value),
                T("Write a release that it installs: {releases}", releases=", ".join(f"v{one}" for one in _RELEASES)),
                at=config.document.place_of(version),
                severity=Severity.WARNING,
            )


def _at(node: Node | None, *path: str) -> Node | None:
    for key in path:
        entry = find(node, key) if isinstance(node, Mapping) else None
        node = resolve_alias(entry.value) if entry is not None else None
    return node


RULE = Rule(
    "KK320",
    Severity.ERROR,
    T("a ClusterConfiguration without a version label that kk knows"),
    check,
    why=T(
        'kk takes every document of kind ClusterConfiguration or ConfigMap for KubeSphere\'s configuration and its version from the label. Without it kk ends with "Unknown version"; without labels at all, or with a number in place of text, it panics. A version that it does not know is "Unsupported KubeSphere version"; another kk may know it.'
    ),
    source="cmd/kk/pkg/common/loader.go, Load; cmd/kk/pkg/version/kubesphere/version_enum.go, VersionMap, LatestRelease, DevRelease",
    bad="""\
---
apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata:
  name: ks-installer
""",
    good="""\
---
apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata:
  name: ks-installer
  labels:
    version: v3.4.1
""",
)
