"""The names and addresses in the API servers' certificates (kubernetes/init-kubernetes/templates/kubeadm, v4.0.6)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.installation import init_candidates
from kkplan.kubekey4.inventory import CLUSTER

_NAMES = ("localhost", "127.0.0.1", "::1", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


def cert_sans(files: Files) -> tuple[str, ...]:
    """What kk writes into kubeadm's file, each once; without an inventory, what the config alone tells."""
    candidates = init_candidates(files)
    variables = files.variables(candidates[0] if candidates else "")
    kubernetes, dns, cni = (variables.get(key) or {} for key in ("kubernetes", "dns", "cni"))
    if not isinstance(kubernetes, dict) or not isinstance(dns, dict) or not isinstance(cni, dict):
        return ()
    cluster, domain = rendered(kubernetes.get("cluster_name")), rendered(dns.get("domain"))
    names = [*_NAMES, f"kubernetes.default.svc.{cluster}", f"kubernetes.default.svc.{cluster}.{domain}"]
    names += [_first_address(cni.get("service_cidr")), rendered(block_of(variables).get("host"))]
    inventory = files.inventory
    for host in inventory.members_of(CLUSTER) if inventory is not None else ():
        names += [host, f"{host}.{cluster}", f"{host}.{cluster}.{domain}", *files.internal_addresses(host)]
    apiserver = kubernetes.get("apiserver")
    own = apiserver.get("certSANs") if isinstance(apiserver, dict) else None
    names += map(rendered, own if isinstance(own, list) else ())
    return tuple(dict.fromkeys(name for name in names if name))


def _first_address(cidr: Any) -> str:
    """The first address that kk finds in the network of services."""
    written = rendered(cidr).split(",")[0].strip().rstrip("/")
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        return written.partition("-")[0]
    if network.prefixlen == network.max_prefixlen:
        return str(network.network_address)
    return str(network.network_address + 1)
