"""A ClusterConfiguration or ConfigMap whose metadata.labels.version is missing or not a KubeSphere version."""

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    for stop in subject.config.label_stops:
        yield RULE.finding(stop.message, stop.advice, at=stop.place)


RULE = Rule(
    "KK320",
    Severity.ERROR,
    T("a ClusterConfiguration without a known version label"),
    check,
    why=T(
        "kk treats every document of kind ClusterConfiguration or ConfigMap as KubeSphere's configuration "
        'and reads its version from the label. Without this label kk stops with "Unknown version"; at a '
        'version that it does not support, with "Unsupported KubeSphere version". Without any labels, or if '
        "the label is a number, it panics."
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
