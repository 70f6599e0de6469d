"""The address of the load balancer, or kube-vip's VIP, is not in the API servers' certificates."""

from kkplan.cluster.cluster import is_ip, same_address
from kkplan.kubekey4.certificates import cert_sans
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files, address = subject.config, subject.endpoint.address
    if not goes_through(files) or not is_ip(address):
        return
    if any(same_address(address, name) for name in cert_sans(files) if is_ip(name)):
        return
    yield RULE.finding(
        T("{address} is not in the API servers' certificates: clients that use it get a TLS error", address=address),
        T("Add it to kubernetes.apiserver.certSANs"),
        at=subject.endpoint.place_of("address"),
    )


RULE = Rule(
    "KK411",
    Severity.WARNING,
    T("an endpoint address that is not in the certificates"),
    check,
    why=T(
        "kk puts host and the names and internal addresses of all cluster nodes into the certificates, but neither local.address nor kube_vip.address. KubeKey 3 did. Nodes use the name and notice nothing. A kubeconfig with the address itself, as people outside of the cluster use it, fails with a TLS error."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/init-kubernetes/templates/kubeadm/kubeadm-init.v1beta4",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: local\n    local:\n      address: 10.0.0.100\n",
    good="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: local\n    local:\n      address: 10.0.0.100\n  apiserver:\n    certSANs: [10.0.0.100]\n",
)
