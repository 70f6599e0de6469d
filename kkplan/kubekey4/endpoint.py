"""The block spec.kubernetes.control_plane_endpoint, with KubeKey's defaults."""

from __future__ import annotations

from typing import Any, NamedTuple

from kkplan.document.place import Place
from kkplan.kubekey4.defaults import DEFAULT_HOST, DEFAULT_PORT, KUBE_VIP, LOCAL
from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import Data, rendered, value_at
from kkplan.kubekey4.inventory import CONTROL_PLANES
from kkplan.kubekey4.loading import BLOCK_PATH

_PATHS = {"domain": ("host",), "port": ("port",)}
_MOST_DIGITS = 9


class ControlPlaneEndpoint(NamedTuple):
    """The block as the first control plane has it.

    Attributes:
        block: the keys with KubeKey's defaults; empty where it is null.
        api_server_port: the port that the API servers listen at; 0 where it is no number.
        files: where it is from.
    """

    block: Data
    api_server_port: int
    files: Files

    @property
    def type(self) -> Any:
        """`local`, `haproxy`, `kube-vip`, or what else is written."""
        return self.block.get("type")

    @property
    def domain(self) -> str:
        """The host name that nodes use, or an IP address in its place; the default where it is null."""
        return DEFAULT_HOST if self.block.get("host") is None else self.host

    @property
    def host(self) -> str:
        """The same as kk's templates write it: a null deletes the default."""
        return rendered(self.block.get("host"))

    @property
    def port(self) -> int:
        """The port; 0 where what is written is no number."""
        return number_of(self.block.get("port"))

    @property
    def local_address(self) -> str:
        """The address of a load balancer outside of the cluster; "" for none."""
        return self._text("local", "address")

    @property
    def vip(self) -> str:
        """kube-vip's address, whatever the type; "" for none."""
        return self._text("kube_vip", "address")

    @property
    def haproxy_bind(self) -> str:
        """The address that HAProxy listens on, on the workers."""
        return self._text("haproxy", "address")

    @property
    def address(self) -> str:
        """The address of what balances the load; "" where none is given for the type."""
        return self.local_address if self.type == LOCAL else self.vip if self.type == KUBE_VIP else ""

    def _text(self, *path: str) -> str:
        value = value_at(self.block, *path)
        return rendered(value) if value else ""

    @property
    def place(self) -> Place:
        """Where the block is in the config, or what it belongs in."""
        return self.files.place_at(*BLOCK_PATH)

    def place_of(self, part: str) -> Place:
        """The place of `domain`, `address` or `port`; that of the block where it is not given."""
        addresses = ("kube_vip", "address") if self.type == KUBE_VIP else ("local", "address")
        return self.files.place_at(*BLOCK_PATH, *_PATHS.get(part, addresses))


def number_of(value: Any) -> int:
    """A port as templates write it; 0 for what is no number then."""
    text = rendered(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def api_server_port(files: Files, host: str) -> int:
    """The port of the API servers as the host has it; 0 where it is no number."""
    apiserver = value_at(files.variables(host), "kubernetes", "apiserver")
    return number_of(apiserver.get("port")) if isinstance(apiserver, dict) else DEFAULT_PORT


def read_endpoint(files: Files) -> ControlPlaneEndpoint:
    """The endpoint that the first control plane sees."""
    planes = files.inventory.members_of(CONTROL_PLANES) if files.inventory is not None else ()
    host = planes[0] if planes else ""
    return ControlPlaneEndpoint(block_of(files.variables(host)), api_server_port(files, host), files)
