"""The image registry's VIP is an address that the endpoint or a host has."""

from kkplan.cluster.cluster import is_ip, same_address
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, Text, node_names
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files = subject.config
    registry = files.variables("").get("image_registry") if not files.load_stops else None
    vip = rendered(registry.get("ha_vip")) if isinstance(registry, dict) and registry.get("ha_vip") else ""
    owner = _owner(subject, vip) if is_ip(vip) else None
    if owner is not None:
        yield RULE.finding(
            T(
                "image_registry.ha_vip {address} is {owner}: two machines answer for one address",
                address=vip,
                owner=owner,
            ),
            T("Give the image registry a free address of its own"),
            at=files.place_at("image_registry", "ha_vip"),
        )


def _owner(subject: Subject, vip: str) -> Text | None:
    endpoint = subject.endpoint
    if any(same_address(vip, one) for one in (endpoint.address, endpoint.domain) if is_ip(one)):
        return T("the control plane endpoint's address, too")
    host = subject.cluster.host_at(vip)
    return T("the address of host {host}, too", host=node_names(host.name)) if host is not None else None


RULE = Rule(
    "KK420",
    Severity.ERROR,
    T("the image registry's VIP is in use"),
    check,
    why=T(
        "With image_registry.ha_vip, kk runs Keepalived on the hosts of the group image_registry, and one of them takes this address. If it is also the endpoint's VIP, the load balancer's address or a host's own, two machines answer for it, and nodes reach either one, now and then."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/image-registry; builtin/core/defaults/config/v1.33.yaml",
    bad="# config.yaml\nimage_registry:\n  ha_vip: 10.0.0.11\n",
    good="# config.yaml\nimage_registry:\n  ha_vip: 10.0.0.200\n",
)
