"""How a wanted endpoint is written into a config of KubeKey 4, for kk 4.0.5 and newer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.endpoint import EndpointKind, WantedEndpoint
from kkplan.cluster.network import network_of_one
from kkplan.document.change import Change
from kkplan.document.setting import Setting
from kkplan.errors import KkplanError
from kkplan.kubekey4.defaults import DEFAULT_HOST, HAPROXY, KUBE_VIP, KUBE_VIP_MODES, LOCAL
from kkplan.kubekey4.effective import REACHED_BINDS
from kkplan.kubekey4.endpoint import ControlPlaneEndpoint
from kkplan.kubekey4.files import Files
from kkplan.kubekey4.go_data import Data, rendered, value_at
from kkplan.kubekey4.loading import BLOCK_PATH, SPEC, is_inventory
from kkplan.kubekey4.local_dns import writes_hosts_file
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, named

_TYPES = {
    EndpointKind.INTERNAL_HAPROXY: HAPROXY,
    EndpointKind.ADDRESS: LOCAL,
    EndpointKind.DNS_NAME: LOCAL,
    EndpointKind.KUBE_VIP: KUBE_VIP,
}
# The keys of each mapping in the order of `kk create config`, with those of the role defaults where these have them.
_KEYS = {
    (): ("apiVersion", "kind", "metadata", SPEC),
    (SPEC,): (
        "zone",
        "init_kubernetes_node",
        "native",
        "kubernetes",
        "etcd",
        "image_registry",
        "cri",
        "cni",
        "storage_class",
        "dns",
        "image_manifests",
    ),
    (SPEC, "kubernetes"): (
        "kube_version",
        "helm_version",
        "cluster_name",
        "image_repository",
        "sandbox_image",
        "apiserver",
        "controller_manager",
        "scheduler",
        "kube_proxy",
        "kubelet",
        "control_plane_endpoint",
        "certs",
        "backup",
        "patches",
        "skip_phases",
    ),
    (SPEC, *BLOCK_PATH): ("host", "port", "type", "local", "kube_vip", "haproxy"),
    (SPEC, *BLOCK_PATH, "kube_vip"): ("address", "mode", "image"),
    (SPEC, *BLOCK_PATH, "haproxy"): ("address", "health_port", "image"),
    (SPEC, "kubernetes", "apiserver"): ("port", "certSANs", "extra_args"),
    (SPEC, "kubernetes", "kube_proxy"): ("manage", "mode", "config"),
    (SPEC, "native"): ("ntp", "timezone", "nfs", "set_hostname", "localDNS"),
}


_CREATE = named("kk create config --with-kubernetes v1.34.3 -o config.yaml")


class Placed(NamedTuple):
    """A setting and the mapping below spec that it is in."""

    path: tuple[str, ...]
    setting: Setting


def keys_at(path: tuple[str, ...]) -> Sequence[str]:
    """The keys of the mapping at the path from the document's top, in their customary order."""
    return _KEYS.get(path, ())


def changes(subject: Subject, wanted: WantedEndpoint) -> tuple[Change, ...]:
    """The changes of the config.

    Raises:
        KkplanError: there is no config, or what is there cannot be changed.
    """
    config = subject.config.config
    if config is None:
        raise KkplanError(
            T("there is no config to edit: kk uses its defaults. Create one: {command}", command=_CREATE),
            file=subject.config.part.document.name,
        )
    if is_inventory(config):
        raise KkplanError(
            T("this is an inventory, not a config. Name the config"),
            file=config.document.name,
        )
    if config.root is None:
        raise KkplanError(
            T("the first document is empty, and kk reads only that. Delete the dashes at the top"),
            file=config.document.name,
            line=config.place.line,
        )
    _refuse_spelling(subject.config)
    placed = tuple(_settings(subject, wanted))
    if any(setting.is_empty_list for _, setting in placed):
        _refuse_list(subject.config, "native", "localDNS")
    return tuple(Change(config.number, (SPEC, *path), (setting,), keys_at) for path, setting in placed)


def _refuse_spelling(files: Files) -> None:
    """`Spec` is spec to kk, and a second key beside it would hide it."""
    entry = files.config.entry(SPEC) if files.config is not None else None
    if entry is not None and files.config is not None and rendered(getattr(entry.key, "value", "")) != SPEC:
        raise KkplanError(
            T("kkplan edits {key} only in this spelling", key=SPEC),
            file=files.config.document.name,
            line=files.config.document.line_of(entry.start),
        )


def _refuse_list(files: Files, *path: str) -> None:
    """A list of files is somebody's own: what else than the endpoint they are for, kkplan does not know."""
    entry = files.entry_at(*path)
    if entry is not None and files.config is not None:
        raise KkplanError(
            T(
                "{key} already lists files. With a DNS name, kk must not write /etc/hosts. If nothing else needs the list, write {key}: []",
                key=".".join(path),
            ),
            file=files.config.document.name,
            line=files.config.document.line_of(entry.start),
        )


def planned_spec(subject: Subject, wanted: WantedEndpoint) -> Data:
    """The config's spec once the settings are made."""
    spec: Data = subject.config.written
    for path, setting in _settings(subject, wanted):
        spec = _with(spec, path, setting)
    return spec


def _with(data: Any, path: tuple[str, ...], setting: Setting) -> Data:
    own: Data = dict(data) if isinstance(data, dict) else {}
    if path:
        if path[0] in own or setting.value is not None:
            own[path[0]] = _with(own.get(path[0]), path[1:], setting)
    elif setting.value is None:
        own.pop(setting.key, None)
    elif setting.is_empty_list:
        own[setting.key] = []
    elif setting.is_item:
        items = own.get(setting.key)
        known = list(items) if isinstance(items, list) else []
        own[setting.key] = known if setting.value in known else [*known, setting.value]
    elif not setting.is_met_by(own.get(setting.key)):
        own[setting.key] = setting.value
    return own


def _settings(subject: Subject, wanted: WantedEndpoint) -> Iterator[Placed]:
    """What the keys below spec are to be; none for those that are so by default."""
    files, today = subject.config, subject.endpoint
    port, kind = _port(today, wanted), _TYPES[wanted.kind]
    yield from _value(files, BLOCK_PATH, Setting("host", _host(wanted)))
    yield from _value(files, BLOCK_PATH, Setting("port", port, accepts=(str(port),)))
    yield from _value(files, BLOCK_PATH, Setting("type", kind))
    if wanted.kind is EndpointKind.ADDRESS:
        yield from _value(files, (*BLOCK_PATH, "local"), Setting("address", wanted.address))
    else:
        yield from _leftover(files, "local")
        if kind == LOCAL and any(value_at(one, *BLOCK_PATH, "local", "address") for one in _all_given_elsewhere(files)):
            yield Placed((*BLOCK_PATH, "local"), Setting("address", "", quoted=True))
    if wanted.kind is EndpointKind.KUBE_VIP:
        yield from _kube_vip(files, wanted.address)
    else:
        yield from _leftover(files, "kube_vip")
    if wanted.kind is EndpointKind.INTERNAL_HAPROXY and today.haproxy_bind not in REACHED_BINDS:
        yield from _value(files, (*BLOCK_PATH, "haproxy"), Setting("address", "127.0.0.1"))
    if wanted.address:
        yield from _items(files, ("kubernetes", "apiserver"), "certSANs", wanted.address)
    if wanted.kind is EndpointKind.DNS_NAME and any(map(writes_hosts_file, files.all_variables())):
        yield Placed(("native",), Setting("localDNS", "[]", is_empty_list=True))


def endpoint_description(subject: Subject, wanted: WantedEndpoint) -> dict[str, str | None]:
    """The keys below control_plane_endpoint that decide on the endpoint → their values as YAML."""
    settings = [
        Setting("host", _host(wanted)),
        Setting("port", _port(subject.endpoint, wanted)),
        Setting("type", _TYPES[wanted.kind]),
    ]
    if wanted.kind is EndpointKind.ADDRESS:
        settings.append(Setting("local.address", wanted.address))
    if wanted.kind is EndpointKind.KUBE_VIP:
        settings.append(Setting("kube_vip.address", wanted.address))
    return {setting.key: setting.written() for setting in settings}


def _host(wanted: WantedEndpoint) -> str:
    """An IP address in place of a name is never looked up: whatever /etc/hosts says would not count."""
    return DEFAULT_HOST if is_ip(wanted.domain) else wanted.domain


def _port(today: ControlPlaneEndpoint, wanted: WantedEndpoint) -> int:
    """HAProxy and the control planes themselves have to be asked at the API servers' own port."""
    if wanted.kind is EndpointKind.INTERNAL_HAPROXY:
        return today.api_server_port or wanted.port
    return wanted.port


def _value(files: Files, path: tuple[str, ...], setting: Setting) -> Iterator[Placed]:
    """The setting, unless every host already has the value without it."""
    if files.entry_at(*path, setting.key) is not None or not all(
        _has(variables, path, setting) for variables in files.all_variables()
    ):
        yield Placed(path, setting)


def _has(variables: Data, path: tuple[str, ...], setting: Setting) -> bool:
    value = value_at(variables, *path, setting.key)
    return setting.is_met_by(value if not isinstance(value, (list, dict)) else None)


def _all_given_elsewhere(files: Files) -> Iterator[Data]:
    """What the inventory gives: only the config's word overrides it."""
    if files.inventory is not None:
        yield files.inventory.variables
        for host in files.inventory.hosts:
            yield from (*files.inventory.group_variables(host), files.inventory.hosts[host])


def _items(files: Files, path: tuple[str, ...], key: str, value: str) -> Iterator[Placed]:
    """The value as an item, after those that the inventory gives where the config gives none."""
    if files.entry_at(*path, key) is None:
        known = next((found for one in files.all_variables() if (found := value_at(one, *path, key))), ())
        for item in known if isinstance(known, list) else ():
            if rendered(item) != value:
                yield Placed(path, Setting(key, rendered(item), is_item=True))
    yield Placed(path, Setting(key, value, is_item=True))


def _leftover(files: Files, key: str) -> Iterator[Placed]:
    """The address of another type becomes a comment, and the mapping with it where it has nothing else."""
    path = (*BLOCK_PATH, key)
    written = value_at(files.written, *path)
    if not isinstance(written, dict) or not written.get("address"):
        return
    if written.keys() <= {"address", "mode"}:
        yield Placed(BLOCK_PATH, Setting(key, None, is_any=True))
    else:
        yield Placed(path, Setting("address", None))


def _kube_vip(files: Files, address: str) -> Iterator[Placed]:
    path = (*BLOCK_PATH, "kube_vip")
    yield from _value(files, path, Setting("address", address))
    yield from _value(files, path, Setting("mode", KUBE_VIP_MODES[0]))
    modes = {rendered(value_at(variables, "kubernetes", "kube_proxy", "mode")) for variables in files.all_variables()}
    if address and "ipvs" in modes:
        yield from _items(
            files, ("kubernetes", "kube_proxy", "config", "ipvs"), "excludeCIDRs", network_of_one(address)
        )
