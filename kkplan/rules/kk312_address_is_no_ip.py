"""A host's internal address that is no IP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.endpoint import Endpoint
from kkplan.locale import T, named, node_names
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule, Subject


def check(subject: Subject[Endpoint, Any]) -> Iterator[Finding]:
    """Find addresses of hosts that are names, or nothing at all; those of control planes are KK118's."""
    control_planes = {host.name for host in subject.cluster.control_planes}
    for host in subject.cluster.hosts:
        if host.name in control_planes:
            continue
        wrong = [text for text in host.internal_addresses if not is_ip(text)]
        if wrong or not host.internal_addresses:
            yield RULE.finding(
                T("{host}: {address} is no IP address", host=node_names(host.name), address=", ".join(wrong))
                if wrong
                else T("{host} has no address", host=node_names(host.name)),
                T(
                    "Give {key} the IP of the machine in the cluster's network; the address for SSH may be another one",
                    key=named(subject.cluster.address_key),
                ),
                at=host.place,
            )


RULE = Rule(
    "KK312",
    Severity.ERROR,
    T("a host whose internal address is no IP address"),
    check,
    why=T(
        "kk writes the internal address before the names of the host into every node's /etc/hosts, into the certificates and as the node's IP for the kubelet. A name in its place makes a line that nobody can read, and the kubelet does not start."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GenerateCertSANs",
    bad="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: node2.example.com, user: root, privateKeyPath: ~/.ssh/id_rsa}
""",
    good="""\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: node2.example.com, internalAddress: 172.16.0.8, user: root, privateKeyPath: ~/.ssh/id_rsa}
""",
)
