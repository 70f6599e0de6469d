"""An IPv6 address in place of the endpoint's name."""

from kkplan.cluster.cluster import ip_of
from kkplan.kubekey4.installation import goes_through
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    address = ip_of(subject.endpoint.domain)
    if goes_through(subject.config) and address is not None and address.version == 6:
        yield RULE.finding(
            T("host is an IPv6 address: kk joins it with the port without brackets, which is no valid endpoint"),
            T("Write a DNS name as host, and the address as local.address"),
            at=subject.endpoint.place_of("domain"),
        )


RULE = Rule(
    "KK421",
    Severity.ERROR,
    T("an IPv6 address as the endpoint's host"),
    check,
    why=T(
        "kk writes host and port with a colon between them into kubeadm's controlPlaneEndpoint, and adds no brackets. fd00::1:6443 is another IPv6 address, without a port. kubeadm refuses it after etcd and the container runtime are installed."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/kubernetes/init-kubernetes/templates/kubeadm/kubeadm-init.v1beta4",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    host: fd00::100\n    type: local\n",
    good='# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    host: lb.example.com\n    type: local\n    local:\n      address: fd00::100\n  apiserver:\n    certSANs: ["fd00::100"]\n',
)
