"""audit.enabled where autoRenewCerts, which kk reads for it, is missing or has another value."""

from kkplan.kubekey3.config import K3S, K8E
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    if config.distribution in (K3S, K8E):  # their pipelines do not read it
        return
    audit, renew = (config.value_at("kubernetes", *path) for path in (("audit", "enabled"), ("autoRenewCerts",)))
    if not isinstance(audit, bool) or audit is renew:
        return
    if renew is None:
        yield RULE.finding(
            T("audit.enabled without autoRenewCerts: kk panics"),
            T("Set autoRenewCerts to the same value"),
            at=config.place_at("kubernetes", "audit", "enabled"),
        )
    elif isinstance(renew, bool):
        yield RULE.finding(
            T(
                "audit.enabled is {audit} and autoRenewCerts is {renew}: kk uses autoRenewCerts for both",
                audit=str(audit).lower(),
                renew=str(renew).lower(),
            ),
            T("Set both to the same value, or remove audit"),
            at=config.place_at("kubernetes", "audit", "enabled"),
            severity=Severity.WARNING,
        )


RULE = Rule(
    "KK306",
    Severity.ERROR,
    T("an audit log that depends on autoRenewCerts"),
    check,
    why=T(
        "If audit.enabled is set to any value, kk uses the value of autoRenewCerts instead, because of a bug "
        "in its source. If autoRenewCerts is missing, kk dereferences a nil pointer and panics in the middle "
        "of the install."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/kubernetes_types.go, EnableAudit; cmd/kk/pkg/common, EnableAudit (PreCheck)",
    bad="""\
kubernetes:
  version: v1.26.5
  audit:
    enabled: true
""",
    good="""\
kubernetes:
  version: v1.26.5
  autoRenewCerts: true
  audit:
    enabled: true
""",
)
