"""A ClusterConfiguration or ConfigMap whose label gives kk no version of KubeSphere that it knows."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find further documents of these kinds without metadata.labels.version, or with one that is no KubeSphere's."""
    for stop in subject.config.label_stops:
        yield RULE.finding(stop.message, stop.advice, at=stop.place)


RULE = Rule(
    "KK320",
    Severity.ERROR,
    T("a ClusterConfiguration without a version label that kk knows"),
    check,
    why=T(
        'kk takes every document of kind ClusterConfiguration or ConfigMap for KubeSphere\'s configuration and its version from the label. Without it kk ends with "Unknown version"; without labels at all, or with a number in place of text, it panics. A version that it does not know is "Unsupported KubeSphere version".'
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load; cmd/kk/pkg/version/kubesphere/version_enum.go, VersionMap, LatestRelease, DevRelease",
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
