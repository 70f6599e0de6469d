"""The request for a cloud load balancer: README.md for the load balancer team, listener.json for programs.

The guide ("使用专用负载均衡器") asks for at least two replicas, a listener to every control plane's port 6443, and the
load balancer's IP. The request also names what breaks a cluster with the cloud's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from kkplan.cluster.backend import Backend
from kkplan.cluster.cluster import is_ipv6, url_host
from kkplan.cluster.endpoint import EndpointKind, WantedEndpoint
from kkplan.locale import translate_paragraphs
from kkplan.plan.artifact import MARK, Artifact
from kkplan.plan.installation import Installation
from kkplan.shown import shown, shown_node
from kkplan.visible import in_code, json_text

TEMPLATE = Path(__file__).parent / "templates" / "order.md"
# The section of the template for a load balancer without an IP address.
DNS_NAME_SECTION = "## Only a DNS name"

# Incremented with every change of schemas/listener.schema.json that affects readers of listener.json.
SCHEMA_VERSION = 1

# Seconds and counts. Two successes at this interval let kubeadm init through after 20 s; it waits 4 min in all
# (kubeadm's TimeoutForControlPlane). Three failures take a dead API server out after 30 s.
CHECK_INTERVAL = 10
CHECK_TIMEOUT = 5
HEALTHY_THRESHOLD = 2
UNHEALTHY_THRESHOLD = 3

# The guide: "至少包含两个副本".
MINIMUM_INSTANCES = 2
MINIMUM_ZONES = 2

# Seconds. The maximum of an Alibaba Cloud CLB, the smallest of the maxima found; AWS's default is 350.
IDLE_TIMEOUT = 900


@dataclass(frozen=True)
class OrderSettings:
    """The facts of a request.

    Attributes:
        address: the load balancer's IP, without brackets; empty when it has only a DNS name.
        dns_name: its DNS name; empty when it has only an IP.
        port: the listener's port; the backends have their own.
        backends: every control plane, KubeKey's first one first; at least one.
        domain: the control plane endpoint's domain.
        installation: how the cluster is installed.
    """

    address: str
    dns_name: str
    port: int
    backends: tuple[Backend, ...]
    domain: str
    installation: Installation


def order(settings: OrderSettings) -> tuple[Artifact, ...]:
    """The two files: README.md in the current language, listener.json in English."""
    return (
        Artifact("README.md", _readme(settings)),
        Artifact("listener.json", json_text(_listener(settings))),
    )


def _readme(settings: OrderSettings) -> str:
    markdown = TEMPLATE.read_text(encoding="utf-8")
    if settings.address:
        markdown = _without_section(markdown, DNS_NAME_SECTION)
    return Template(translate_paragraphs(markdown)).substitute(_values(settings))


def _without_section(markdown: str, heading: str) -> str:
    """The document without the section of that heading, up to the next heading of level 2."""
    before, _, section = markdown.partition(f"\n{heading}\n")
    _, _, after = section.partition("\n## ")
    return f"{before}\n## {after}"


def _values(settings: OrderSettings) -> dict[str, object]:
    """The values of the template's placeholders."""
    target = settings.address or settings.dns_name
    return {
        "address_cell": _code_cell(settings.address),
        "api_port": settings.backends[0].port,
        "backend_rows": "\n".join(_backend_row(backend) for backend in settings.backends),
        "bind_option": _bind_option(target, settings.backends),
        "check_interval": CHECK_INTERVAL,
        "check_timeout": CHECK_TIMEOUT,
        "config_name": in_code(settings.installation.config_name),
        "dns_name": settings.dns_name,
        "dns_name_cell": _code_cell(settings.dns_name),
        "domain": shown(settings.domain),
        "endpoint_path": settings.installation.endpoint_path,
        "first_control_plane": shown(settings.backends[0].address),
        "haproxy_keys": _haproxy_keys(settings),
        "healthy_seconds": CHECK_INTERVAL * HEALTHY_THRESHOLD,
        "healthy_threshold": HEALTHY_THRESHOLD,
        "idle_timeout": IDLE_TIMEOUT,
        "install_cluster": in_code(settings.installation.command),
        "minimum_instances": MINIMUM_INSTANCES,
        "minimum_zones": MINIMUM_ZONES,
        "port": settings.port,
        "target": target,
        "target_endpoint": f"{url_host(target)}:{settings.port}",
        "unhealthy_threshold": UNHEALTHY_THRESHOLD,
    }


def _haproxy_keys(settings: OrderSettings) -> str:
    """What a config has for KubeKey's own HAProxy."""
    wanted = WantedEndpoint(EndpointKind.INTERNAL_HAPROXY, settings.domain, port=settings.backends[0].port)
    prefix = f"{settings.installation.endpoint_path}."
    keys = settings.installation.endpoint_keys(wanted).items()
    return ", ".join(f"`{key.removeprefix(prefix)}: {in_code(value)}`" for key, value in keys if value is not None)


def _backend_row(backend: Backend) -> str:
    return f"| {shown_node(backend.name)} | {_code_cell(shown(backend.address))} | {backend.port} |"


def _code_cell(text: str) -> str:
    """The text as code in a cell; a dash when there is none."""
    return f"`{text}`" if text else "—"


def _bind_option(target: str, backends: tuple[Backend, ...]) -> str:
    """The option that makes python3 -m http.server serve IPv6 too; by default it is IPv4 only on many hosts."""
    return " --bind ::" if any(map(is_ipv6, (target, *(backend.address for backend in backends)))) else ""


def _listener(settings: OrderSettings) -> dict[str, object]:
    """The request as data; schemas/listener.schema.json describes each value."""
    return {
        "comment": f"{MARK}. README.md says the same for people.",
        "schemaVersion": SCHEMA_VERSION,
        "config": settings.installation.config_name,
        "endpoint": {
            "domain": shown(settings.domain),
            "address": settings.address,
            "dnsName": settings.dns_name,
        },
        "scheme": "internal",
        "listener": {"protocol": "TCP", "port": settings.port, "tlsTermination": False},
        "backends": [
            {"name": shown_node(backend.name), "address": shown(backend.address), "port": backend.port}
            for backend in settings.backends
        ],
        "healthCheck": _health_check(settings.backends[0].port),
        "instances": {"minimum": MINIMUM_INSTANCES, "zones": MINIMUM_ZONES, "crossZone": True},
        "idleTimeoutSeconds": IDLE_TIMEOUT,
        "hairpinRequired": True,
        "proxyProtocol": False,
        "preserveClientIp": False,
        "sessionStickiness": False,
        "securityRules": [
            {"from": "load-balancer", "to": "control-planes", "protocol": "TCP", "port": settings.backends[0].port},
            {"from": "nodes", "to": "load-balancer", "protocol": "TCP", "port": settings.port},
        ],
    }


def _health_check(port: int) -> dict[str, object]:
    return {
        "protocol": "TCP",
        "port": port,
        "intervalSeconds": CHECK_INTERVAL,
        "timeoutSeconds": CHECK_TIMEOUT,
        "healthyThreshold": HEALTHY_THRESHOLD,
        "unhealthyThreshold": UNHEALTHY_THRESHOLD,
        "preferred": {"protocol": "HTTPS", "method": "GET", "path": "/readyz", "status": 200, "verifyTls": False},
        "minimumHealthyBackends": 1,
        "whenNoneHealthy": "send-to-all",
    }
