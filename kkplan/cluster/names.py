"""Names of hosts and endpoints."""

from __future__ import annotations

import re

LONGEST_DNS_NAME = 253  # characters
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")


def is_dns_name(text: str) -> bool:
    """Whether it is a DNS name (RFC 1123, 2.1; RFC 1035, 2.3.4): labels of lower-case letters, digits and hyphens."""
    return len(text) <= LONGEST_DNS_NAME and _DNS_NAME.match(text) is not None


def is_endpoint_domain(text: str) -> bool:
    """Whether the text can be the endpoint's domain: a lower-case DNS name, as kubeadm requires, but not an address."""
    return is_dns_name(text) and text != "localhost" and not text.rpartition(".")[2].isdigit()
