"""An API server as a load balancer sees it."""

from __future__ import annotations

from typing import NamedTuple

# The API server's own port, whatever the endpoint's port is: a constant of KubeKey 3 (cmd/kk/apis/kubekey/v1alpha2/
# default.go, DefaultApiserverPort), and KubeKey 4's default.
API_SERVER_PORT = 6443


class Backend(NamedTuple):
    """A control plane's API server: the host's name and the internal IP address, without brackets or port."""

    name: str
    address: str
    port: int = API_SERVER_PORT


def one_address_of(backends: tuple[Backend, ...]) -> str:
    """The common address of several API servers, as with a NAT gateway; "" if each has its own."""
    addresses = {backend.address for backend in backends}
    return backends[0].address if len(backends) > 1 and len(addresses) == 1 else ""
