"""A server's certificate. It is not verified: the cluster's CA is not known here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from kkplan.cluster.cluster import ip_of, is_ip
from kkplan.visible import on_one_line


class CertificateError(Exception):
    """The bytes are not a certificate."""


@dataclass(frozen=True)
class Issuer:
    """The CA that a certificate names as its issuer.

    Attributes:
        name: its common name, or its whole name where it has none (RFC 5280, 4.1.2.4).
        key: the hexadecimal identifier of its key (RFC 5280, 4.2.1.1); "" if the certificate does not say.
            kubeadm names every CA `kubernetes`: only the key distinguishes two clusters.
    """

    name: str
    key: str

    def __str__(self) -> str:
        return f"{self.name} ({self.key[:8]})" if self.key else self.name


@dataclass(frozen=True)
class Certificate:
    """A certificate (X.509).

    Attributes:
        names: the DNS names and IP addresses of its subjectAltName (RFC 5280, 4.2.1.6).
        not_before, not_after: when it is valid.
        fingerprint: SHA-256 of its bytes, hexadecimal.
    """

    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    issuer: Issuer
    fingerprint: str

    def covers(self, wanted: str) -> bool:
        """Whether it is valid for a DNS name or an IP address (RFC 6125, 6.4; RFC 2818, 3.1)."""
        address = ip_of(wanted)
        if address is not None:
            return any(ip_of(known) == address for known in self.names)
        name = wanted.lower()
        parent = name.partition(".")[2]
        return any(known.lower() in (name, f"*.{parent}") for known in self.names)


def read_certificate(der: bytes) -> Certificate:
    """The certificate in these bytes (DER).

    Raises:
        CertificateError: they are not a certificate.
    """
    try:
        return _certificate(der)
    except Exception as error:  # which error asn1crypto raises for invalid bytes depends on the place
        raise CertificateError from error


def _certificate(der: bytes) -> Certificate:
    from asn1crypto.x509 import Certificate as Asn1Certificate

    certificate = Asn1Certificate.load(der)
    validity = certificate["tbs_certificate"]["validity"]
    found = certificate.subject_alt_name_value
    names = () if found is None else tuple(str(name.native) for name in found if _is_name_of_its_kind(name))
    key = certificate.authority_key_identifier
    issuer = certificate.issuer
    return Certificate(
        names=names,
        not_before=_moment(validity["not_before"].native),
        not_after=_moment(validity["not_after"].native),
        issuer=Issuer(
            on_one_line(str(issuer.native.get("common_name") or issuer.human_friendly)),
            key.hex() if isinstance(key, bytes) else "",
        ),
        fingerprint=sha256(der).hexdigest(),
    )


def _moment(native: object) -> datetime:
    """A date from asn1crypto, which may have no time zone, and has its own class for the year 0."""
    if not isinstance(native, datetime):
        return datetime.min.replace(tzinfo=timezone.utc)
    return native if native.tzinfo is not None else native.replace(tzinfo=timezone.utc)


def _is_name_of_its_kind(name: Any) -> bool:
    """Whether it is an IP address, or a DNS name that does not look like one: clients never match an address with a DNS name (RFC 2818, 3.1)."""
    return name.name == "ip_address" or (name.name == "dns_name" and not is_ip(str(name.native)))
