"""A version of Kubernetes that kk rejects, or one of K3s or K8e that it cannot download."""

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import KUBEKEY, installed_versions
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    version, kind = config.kubernetes_version, config.distribution
    known = installed_versions(kind)
    if version in known:
        return
    if kind in (K3S, K8E):
        message = T(
            "KubeKey {kubekey} has no checksum for {kind} {version}: the download fails",
            kubekey=KUBEKEY,
            kind=kind,
            version=version,
        )
        advice = T("Use one of: {values}", values=", ".join(known))
    else:
        message = T(
            "KubeKey {kubekey} does not support Kubernetes {version} and stops", kubekey=KUBEKEY, version=version
        )
        advice = _advice(version, known)
    yield RULE.finding(message, advice, at=config.place_at("kubernetes", "version"))


def _advice(version: str, known: tuple[str, ...]) -> Text:
    same_minor = [one for one in known if one.split(".")[:2] == version.split(".")[:2]]
    if same_minor:
        return T("Use a supported version, e.g. {version}", version=same_minor[-1])
    return T(
        "Use a version from {first} to {last} that `kk version --show-supported-k8s` lists",
        first=known[0],
        last=known[-1],
    )


RULE = Rule(
    "KK307",
    Severity.ERROR,
    T("a version that KubeKey has no binaries for"),
    check,
    why=T(
        "kk installs only versions whose checksums are built in. For any other Kubernetes version it reports "
        "that the version isn't supported and exits with status 1, after it has connected to all machines "
        "over SSH. For K3s and K8e it checks the checksum after the download, and stops then. 3.1.12 is the "
        "last release of KubeKey 3; older releases support fewer versions."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/bootstrap/confirm/tasks.go, InstallationConfirm; cmd/kk/pkg/files/file.go, SHA256Check (read); version/components.json of KubeKey 3.1.12",
    bad="""\
kubernetes:
  version: v1.34.0
""",
    good="""\
kubernetes:
  version: v1.33.4
""",
)
