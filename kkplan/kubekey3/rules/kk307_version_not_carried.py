"""A version that KubeKey has no binaries for."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import (
    KUBEKEY,
    carried_versions,
    is_carried,
    kubernetes_version,
    minor_version,
    oldest_and_newest,
)
from kkplan.locale import T, Text
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find versions of Kubernetes that kk refuses, and those of K3s and K8e that it cannot download."""
    config = subject.config
    version, kind = kubernetes_version(config), config.distribution
    if is_carried(version, kind):
        return
    if kind in (K3S, K8E):
        yield RULE.finding(
            T(
                "KubeKey {kubekey} has no checksum for {kind} {version}: its download ends with an error",
                kubekey=KUBEKEY,
                kind=kind,
                version=version,
            ),
            T("Write one of: {values}", values=", ".join(carried_versions(kind))),
            at=config.place_at("kubernetes", "version"),
            severity=Severity.WARNING,
        )
        return
    yield RULE.finding(
        T("KubeKey {kubekey} does not install Kubernetes {version}: kk stops", kubekey=KUBEKEY, version=version),
        _advice(minor_version(version)),
        at=config.place_at("kubernetes", "version"),
    )


def _advice(minor: int) -> Text:
    patches = carried_versions("", minor)
    if patches:
        return T("Write one of {first} to {last}", first=patches[0], last=patches[-1])
    oldest, newest = oldest_and_newest()
    return T(
        "Write a version from {first} to {last} that `kk version --show-supported-k8s` lists", first=oldest, last=newest
    )


RULE = Rule(
    "KK307",
    Severity.ERROR,
    T("a version that KubeKey has no binaries for"),
    check,
    why=T(
        "kk installs only versions whose checksums were built into it. For another version of Kubernetes it says that it isn't supported and ends with status 1, once it has asked all machines by SSH. For K3s and K8e it looks at the checksum when it has downloaded the file, and stops then. 3.1.12 is the last release of KubeKey 3: an older one knows fewer versions."
    ),
    source="cmd/kk/pkg/bootstrap/confirm/tasks.go, InstallationConfirm (run); cmd/kk/pkg/files/file.go, SHA256Check (read); version/components.json of KubeKey 3.1.12",
    bad="""\
kubernetes:
  version: v1.34.0
""",
    good="""\
kubernetes:
  version: v1.33.4
""",
)
