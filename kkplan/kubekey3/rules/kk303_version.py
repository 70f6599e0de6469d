"""A version that does not consist of three numbers: kk silently installs its default version."""

from kkplan.document.node import Scalar
from kkplan.document.scalar import is_null
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.versions import is_readable
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    node = config.node_at("kubernetes", "version")
    if isinstance(node, Scalar) and node.value and not is_null(node) and not is_readable(node.value):
        yield RULE.finding(
            T(
                "kk cannot parse kubernetes.version {version} and silently installs its default version",
                version=node.value,
            ),
            T("Write all three numbers, e.g. v1.26.5"),
            at=config.place_at("kubernetes", "version"),
        )


RULE = Rule(
    "KK303",
    Severity.ERROR,
    T("a Kubernetes version that kk cannot parse"),
    check,
    why=T(
        "kk expects three numbers, with or without a leading v. It silently ignores any other form and "
        "installs its default version (v1.23.17 in 3.1.12)."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, normalizedBuildVersion; cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultKubeVersion",
    bad="""\
kubernetes:
  version: v1.26
""",
    good="""\
kubernetes:
  version: v1.26.5
""",
    for_plans=False,
)
