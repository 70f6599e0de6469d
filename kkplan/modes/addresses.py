"""Hosts as configurations and URLs write them."""

from __future__ import annotations

import ipaddress


def is_ipv6(host: str) -> bool:
    """Whether the host is an IPv6 address."""
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def url_host(host: str) -> str:
    """The host before a colon, as a URL has it: an IPv6 address in brackets (RFC 3986, 3.2.2)."""
    return f"[{host}]" if is_ipv6(host) else host
