"""A plan after which the certificates no longer contain today's domain or address, which clients may still use."""

from kkplan.cluster.cluster import same_address
from kkplan.document.node import Scalar
from kkplan.kubekey3.endpoint import DEFAULT_DOMAIN
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if subject.today is None:
        return
    today, planned = subject.today, subject.endpoint
    extra = [
        item.value
        for item in subject.config.items_at("kubernetes", "apiserverCertExtraSans")
        if isinstance(item, Scalar)
    ]
    kept = [planned.domain, planned.address, *extra, "127.0.0.1"]
    for key, value in (("domain", today.written_domain), ("address", today.address)):
        owned = key == "address" and bool(subject.cluster.hosts_with(value))
        if value in ("", DEFAULT_DOMAIN) or owned or any(same_address(value, other) for other in kept):
            continue
        yield RULE.finding(
            T(
                "the certificates will no longer contain {value}: clients that still use it get a TLS error",
                value=value,
            ),
            T("If it is still in use, add it to spec.kubernetes.apiserverCertExtraSans"),
            at=today.place_of(key),
        )


RULE = Rule(
    "KK124",
    Severity.INFO,
    T("the certificates lose a domain or an address"),
    check,
    why=T(
        "kk writes the endpoint's domain and address into the certificates of the API servers, together with "
        "the names and addresses of the hosts and the entries of apiserverCertExtraSans. A kubeconfig or a "
        "script that still uses the old name fails with a TLS error."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs",
    bad="$ sed -i 's/address: \"\"/address: 172.16.0.99/' config-sample.yaml\n"
    "$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100",
    good="$ kkplan plan config-sample.yaml --mode cloud-lb --address 172.16.0.100",
)
