"""KubeKey's own load balancers use the SSH address of a control plane, which may be shared or outside its network."""

from kkplan.cluster.cluster import Cluster, Host, ip_of, same_address
from kkplan.kubekey3.endpoint import HAPROXY, KUBE_VIP
from kkplan.kubekey3.endpoint_readers import BGP, control_planes_off_the_vip
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, node_names
from kkplan.plan.example import HOSTS
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_ADVICE = T("Run kk inside the cluster network and set address to the internal IP, or use a load balancer")


def check(subject: Subject) -> Findings:
    cluster = subject.cluster
    endpoint = subject.endpoint
    by_haproxy = endpoint.internal_loadbalancer == HAPROXY and bool(cluster.workers_only)
    by_kube_vip = endpoint.internal_loadbalancer == KUBE_VIP and endpoint.kubevip_mode != BGP
    if not by_haproxy and not by_kube_vip:
        return
    same = list(_same(cluster)) if by_haproxy else []
    yield from same
    off = control_planes_off_the_vip(subject)
    for host in off:
        yield RULE.finding(
            T(
                "kube-vip uses the NIC of {host}'s SSH address {address}, but the VIP {vip} belongs in the network "
                "of {internal}",
                host=node_names(host.name),
                address=host.address,
                vip=endpoint.address,
                internal=host.internal_address,
            ),
            T("Set address to the internal IP and run kk inside that network, or use internal-haproxy or keepalived"),
            at=host.place,
            severity=Severity.ERROR,
        )
    for host in cluster.control_planes:
        if host in off or not _is_from_outside(host) or host.place in [finding.place for finding in same]:
            continue
        message = (
            T(
                "HAProxy on the workers forwards to {host}'s SSH address {address}:6443, not to its internal address "
                "{internal}",
                address=host.address,
                host=node_names(host.name),
                internal=host.internal_address,
            )
            if by_haproxy
            else T(
                "kk finds {host}'s NIC by its address {address}. If the address comes from NAT, no NIC has it, and kk stops",
                address=host.address,
                host=node_names(host.name),
            )
        )
        yield RULE.finding(message, _ADVICE, at=host.place)


def _same(cluster: Cluster) -> Findings:
    first: dict[str, Host] = {}
    for host in cluster.control_planes:
        owner = first.setdefault(host.address, host)
        if owner is not host and owner.internal_address != host.internal_address:
            yield RULE.finding(
                T(
                    "HAProxy forwards to {address}:6443 for both {host} and {other}, because kk uses the SSH address",
                    address=host.address,
                    host=node_names(host.name),
                    other=node_names(owner.name),
                ),
                _ADVICE,
                at=host.place,
                severity=Severity.ERROR,
            )


def _is_from_outside(host: Host) -> bool:
    """A public address for SSH and a private one inside. Two private addresses may both be on the machine's NICs."""
    outer, inner = ip_of(host.address), ip_of(host.internal_address)
    if outer is None or inner is None or same_address(host.address, host.internal_address):
        return False
    return outer.is_global and inner.is_private


_HAPROXY = "controlPlaneEndpoint:\n  internalLoadbalancer: haproxy\n"

RULE = Rule(
    "KK138",
    Severity.WARNING,
    T("KubeKey's load balancer uses a control plane's SSH address"),
    check,
    why=T(
        "kk writes address, the one for SSH, into HAProxy's configuration on the workers. It also looks for "
        "this address in the output of `ip route` to find kube-vip's NIC. It uses internalAddress for "
        "neither. No NIC of a machine has an address that comes from NAT, and firewalls often close port "
        "6443 there. If SSH uses a management network, kube-vip sets up the VIP on that NIC, where no node "
        "asks for it."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go, MasterNodeStr; cmd/kk/pkg/loadbalancer/tasks.go, GetInterfaceName",
    bad=HOSTS.replace("address: 172.16.0.4", "address: 139.198.1.4") + _HAPROXY,
    good=HOSTS + _HAPROXY,
)
