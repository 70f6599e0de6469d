"""A Kubernetes version that this KubeKey has no binaries for."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import DEFAULT_VERSION, installed_versions
from kkplan.locale import T
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a version that kk reads and cannot install."""
    config = subject.config
    version, known = config.kubernetes_version, installed_versions(config.distribution)
    by_kubeadm = config.distribution not in (K3S, K8E)
    if version in known or (by_kubeadm and version == DEFAULT_VERSION):
        return
    same_minor = [one for one in known if one.rpartition(".")[0] == ".".join(version.split(".")[:2])]
    message = (
        T("KubeKey 3.1.12 does not install Kubernetes {version}: kk stops at the confirmation", version=version)
        if by_kubeadm
        else T(
            "KubeKey 3.1.12 has no {kind} {version}: kk stops at the download",
            kind=config.distribution,
            version=version,
        )
    )
    yield RULE.finding(
        message,
        T("Write a version that it installs, such as {version}", version=(same_minor or known)[-1]),
        at=config.place_at("kubernetes", "version"),
    )


RULE = Rule(
    "KK151",
    Severity.ERROR,
    T("a Kubernetes version that kk cannot install"),
    check,
    why=T(
        "kk installs only versions whose checksums it carries: in 3.1.12, the last KubeKey 3, Kubernetes v1.19.0 to v1.33.4 and a few versions of K3s and K8e. It checks this after the SSH checks of all machines."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/bootstrap/confirm/tasks.go, InstallationConfirm; cmd/kk/pkg/files/file.go; version/components.json",
    bad="""\
kubernetes:
  version: v1.26.99
""",
    good="""\
kubernetes:
  version: v1.26.15
""",
)
