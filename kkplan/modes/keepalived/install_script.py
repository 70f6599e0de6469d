"""install.sh: one file for the LB servers, joined from parts that are tested separately."""

from __future__ import annotations

from collections.abc import Iterable

from kkplan.modes.keepalived.pair_settings import PairSettings, monitor_port
from kkplan.modes.keepalived.template import ScriptTemplate, template

# templates/install/NAME.sh in this order. settings holds all values, main runs; the others define functions only.
PARTS = (
    "settings",
    "messages",
    "arguments",
    "checks",
    "vip",
    "packages",
    "files",
    "backup",
    "firewall",
    "services",
    "actions",
    "main",
)


def join_parts(parts: Iterable[str]) -> str:
    """One script from the texts of its parts, a blank line between each two."""
    return "\n".join(parts)


def install_script(settings: PairSettings) -> str:
    """The installer for every LB server of the pair."""
    return ScriptTemplate(join_parts(template(f"install/{part}.sh") for part in PARTS)).substitute(values(settings))


def values(settings: PairSettings) -> dict[str, object]:
    """The values for settings.sh."""
    is_guide = settings.is_guide
    own = [] if is_guide else ["check-haproxy.sh", "kkplan-restart.conf", "kkplan-haproxy.conf"]
    files = ["haproxy.cfg", "keepalived.conf", *own]
    return {
        "bundled": " ".join(files),
        "lb_hosts": "\n".join(f"{lb_host.name} {lb_host.address} {lb_host.nic}" for lb_host in settings.lb_hosts),
        "monitor_port": "" if is_guide else monitor_port(settings),
        "port": settings.port,
        "prefix": settings.vip.prefix,
        "programs": "haproxy keepalived killall" if is_guide else "haproxy keepalived bash",
        # The guide's three adverts of 1 s and a skew, after up to a second of start. kkplan's: two health checks before.
        "takeover": 6 if is_guide else 4,
        "vip": settings.vip.address,
    }
