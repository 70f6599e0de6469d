"""The block spec.controlPlaneEndpoint: as a config has it, and how a wanted endpoint is written into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kkplan.cluster.endpoint import EndpointKind, WantedEndpoint
from kkplan.document.node import Mapping as MappingNode
from kkplan.document.node import Scalar, name_of, resolve_alias
from kkplan.document.parse import Document
from kkplan.document.place import Place
from kkplan.document.scalar import Value, is_null
from kkplan.document.setting import Setting
from kkplan.errors import KkplanError
from kkplan.kubekey3.keys import child, fold, lookup, value_of
from kkplan.kubekey3.shape import keys_at
from kkplan.locale import T

ENDPOINT_PATH = ("spec", "controlPlaneEndpoint")

DEFAULT_DOMAIN = "lb.kubesphere.local"  # default.go, DefaultLBDomain
DEFAULT_PORT = 6443  # default.go, DefaultLBPort
_MOST_DIGITS = 18  # of an int64
HAPROXY = "haproxy"
KUBE_VIP = "kube-vip"

_TYPES = {"string": str, "boolean": bool, "integer": int}


def endpoint_keys() -> tuple[str, ...]:
    """The keys of the block, in KubeKey's order."""
    return tuple(keys_at(*ENDPOINT_PATH))


@cache
def wanted_types() -> dict[str, tuple[type, ...]]:
    """Keys of the block with a single value → the types that json.Unmarshal accepts; kubevip is a mapping."""
    shapes = keys_at(*ENDPOINT_PATH).items()
    types = {key: tuple(_TYPES[name] for name in shape.types if name in _TYPES) for key, shape in shapes}
    return {key: known for key, known in types.items() if known}


class WrittenValue(NamedTuple):
    """A value in the block.

    Attributes:
        place: the key with its value.
        is_scalar: False for a list or a mapping, whose value is None.
    """

    value: Value
    place: Place
    is_scalar: bool = True


class ControlPlaneEndpoint(NamedTuple):
    """The block as KubeKey reads it.

    Attributes:
        values: the value of each key in the file, without kubevip.
        unknown_keys: spellings and places of the keys that KubeKey silently ignores.
        place: the block's key; if the block is missing, that of spec.
        kubevip_mode: kubevip.mode; "" if it is not set.
        flow: whether the block is in flow style, where a comma may turn part of a value into a key.
    """

    values: Mapping[str, WrittenValue]
    place: Place
    unknown_keys: tuple[tuple[str, Place], ...] = ()
    kubevip_mode: str = ""
    flow: bool = False

    def _text(self, key: str) -> str:
        value = self.values[key].value if key in self.values else None
        return value if isinstance(value, str) else ""

    @property
    def internal_loadbalancer(self) -> str:
        """`haproxy` or `kube-vip`; KubeKey treats any other value as empty."""
        return self._text("internalLoadbalancer")

    @property
    def written_domain(self) -> str:
        """The domain in the file; "" if it is not set."""
        return self._text("domain")

    @property
    def domain(self) -> str:
        """The domain that KubeKey uses."""
        return self.written_domain or DEFAULT_DOMAIN

    @property
    def address(self) -> str:
        """The address in the file; "" if it is not set."""
        return self._text("address")

    @property
    def external_dns(self) -> bool:
        """Whether externalDNS says that the site's DNS resolves the domain."""
        return "externalDNS" in self.values and self.values["externalDNS"].value is True

    @property
    def port(self) -> int:
        """The port that KubeKey uses: 6443 if it is 0 or not set. A quoted number counts as a number."""
        value = self.values["port"].value if "port" in self.values else None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
            value = int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) and value else DEFAULT_PORT

    def place_of(self, part: str) -> Place:
        """The place of the key; if it is missing, that of the block."""
        return self.values[part].place if part in self.values else self.place

    def wrong_types(self) -> Iterable[tuple[str, WrittenValue]]:
        """The keys whose value json.Unmarshal would reject, with their values."""
        for key, written in self.values.items():
            is_null = written.value is None and written.is_scalar
            if not is_null and type(written.value) not in wanted_types()[key]:
                yield key, written

    def after(self, settings: Iterable[Setting]) -> ControlPlaneEndpoint:
        """The block after the settings are written. Places remain those of today's file."""
        values = dict(self.values)
        for setting in settings:
            old = values.get(setting.key)
            if old is not None and setting.is_met_by(old.value):
                continue
            if setting.value is None:
                values.pop(setting.key, None)
            else:
                values[setting.key] = WrittenValue(setting.value, self.place_of(setting.key))
        return self._replace(values=values)


def read_endpoint(document: Document, mappings: Sequence[MappingNode], place: Place) -> ControlPlaneEndpoint:
    """The block.

    Args:
        mappings: its mappings, a later one over an earlier one; empty if the block is missing or null.
        place: of the block, or of its parent.
    """
    values: dict[str, WrittenValue] = {}
    kubevip_mode = ""
    for mapping in mappings:
        for key in wanted_types():
            found = lookup(mapping, key)
            value = resolve_alias(found.value) if found is not None else None
            says_nothing = isinstance(value, Scalar) and is_null(value)
            if found is not None and value is not None and not (key in values and says_nothing):
                values[key] = WrittenValue(value_of(value), document.place_of(found), isinstance(value, Scalar))
        mode = child(child(mapping, "kubevip"), "mode")
        kubevip_mode = mode.value if isinstance(mode, Scalar) and not is_null(mode) else kubevip_mode
    known = {fold(key) for key in endpoint_keys()} | {"<<"}
    unknown = tuple(
        (name_of(other), document.place_of(other.key))
        for mapping in mappings
        for other in mapping.entries
        if fold(name_of(other)) not in known
    )
    return ControlPlaneEndpoint(values, place, unknown, kubevip_mode, any(mapping.flow for mapping in mappings))


def endpoint_settings(today: ControlPlaneEndpoint, wanted: WantedEndpoint) -> tuple[Setting, ...]:
    """The wanted values of the block's keys.

    Raises:
        KkplanError: it is kube-vip.
    """
    if wanted.kind is EndpointKind.KUBE_VIP:
        raise KkplanError(
            T(
                "mode kube-vip needs KubeKey 4. With KubeKey 3, kube-vip does not start from Kubernetes 1.29 on, because "
                "admin.conf has no rights yet. Choose another mode"
            )
        )

    if wanted.kind is EndpointKind.INTERNAL_HAPROXY:
        # KubeKey's HAProxy always binds port 6443, and kk stops if there is an address.
        return (
            Setting("internalLoadbalancer", HAPROXY),
            Setting("domain", wanted.domain),
            Setting("address", "", accepts=(None,), quoted=True),
            Setting("port", DEFAULT_PORT),
        )
    by_dns = wanted.kind is EndpointKind.DNS_NAME
    external_dns = [Setting("externalDNS", True)] if by_dns else []
    if not by_dns and "externalDNS" in today.values:  # true or an invalid value becomes false
        external_dns = [Setting("externalDNS", False, accepts=(None,))]
    return (
        Setting("internalLoadbalancer", None, accepts=("",)),
        Setting("domain", wanted.domain),
        *external_dns,
        Setting("address", wanted.address, accepts=(None,) if by_dns else (), quoted=True),
        Setting("port", wanted.port),
    )
