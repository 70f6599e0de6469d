"""After the install: each API server's own certificate is valid for the domain and the address, and all have one CA.

Behind a load balancer a client may reach any of them. The one at the endpoint shows whether
something on the path terminates TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from kkplan.locale import Listed, T, Text, named, node_names
from kkplan.verification.certificate import Certificate, Issuer
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import ask, host_port

# kubeadm's certificates are valid for a year (its constants.go, CertificateValidityPeriod); KubeKey renews those of the last 30 days.
_SOON = timedelta(days=30)


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Read the certificate of each API server, and the one that the endpoint shows."""
    site = context.site
    places = [(own.address, own.port) for own in site.backends]
    if site.address:
        places.append((site.address, site.port))
    names: list[Text | Listed] = [*(node_names(own.name) for own in site.backends), T("endpoint")]
    answers = await asyncio.gather(*(ask(host, port, context.timeout, site.server_name) for host, port in places))
    wanted = tuple(dict.fromkeys(host for host in (site.domain, site.address) if host))
    now = datetime.now(timezone.utc)
    seen = [
        found
        for name, (host, port), answer in zip(names, places, answers, strict=False)
        for found in judged(name, host_port(host, port), answer.certificate, wanted, now)
    ]
    issuers = {
        own.name: answer.certificate.issuer
        for own, answer in zip(site.backends, answers, strict=False)
        if answer.certificate
    }
    seen += judged_issuers(site.server_name, issuers)
    at_endpoint = answers[-1].certificate
    if site.address and at_endpoint is not None:
        seen += judged_endpoint_issuer(host_port(site.address, site.port), at_endpoint.issuer, set(issuers.values()))
    return seen


def judged(
    name: Text | Listed, target: str, certificate: Certificate | None, wanted: Sequence[str], now: datetime
) -> Iterator[Observation]:
    """Check one certificate: the names that clients use, and its validity."""
    if certificate is None:
        yield Observation(
            Outcome.SKIPPED, target, T("{name}: presents no certificate, so it cannot be checked", name=name)
        )
        return
    wrong = [*_names(name, target, certificate, wanted), *_validity(name, target, certificate, now)]
    yield from wrong
    if not wrong:
        text = T(
            "{name}: the certificate is valid for {names} until {end:%Y-%m-%d}",
            name=name,
            names=", ".join(wanted),
            end=certificate.not_after,
        )
        yield Observation(Outcome.OK, target, text)


def _names(name: Text | Listed, target: str, certificate: Certificate, wanted: Sequence[str]) -> Iterator[Observation]:
    missing = [host for host in wanted if not certificate.covers(host)]
    if missing:
        yield Observation(
            Outcome.FAILED,
            target,
            T("{name}: the certificate is not valid for {names}", name=name, names=", ".join(missing)),
            T(
                "Add it to the API server's certSANs (spec.kubernetes.apiserverCertExtraSans), and renew the "
                "certificate"
            ),
        )


def _validity(name: Text | Listed, target: str, certificate: Certificate, now: datetime) -> Iterator[Observation]:
    start, end = certificate.not_before, certificate.not_after
    if not start <= now <= end:
        yield Observation(
            Outcome.FAILED,
            target,
            T(
                "{name}: the certificate is valid only from {start:%Y-%m-%d} to {end:%Y-%m-%d}",
                name=name,
                start=start,
                end=end,
            ),
            T("Renew it: kubeadm certs renew apiserver. Also check the clocks of the machines"),
        )
    elif end - now < _SOON < (end - start) / 2:  # a short-lived certificate is renewed by a program
        yield Observation(
            Outcome.WARNING,
            target,
            T("{name}: the certificate is valid only until {end:%Y-%m-%d}", name=name, end=end),
            T("Renew it soon: kubeadm certs renew apiserver"),
        )


def judged_issuers(target: str, issuers: Mapping[str, Issuer]) -> Iterator[Observation]:
    """Whether one CA has signed the API servers' certificates: a client trusts one.

    Args:
        issuers: the issuer of each API server's certificate, by the server's name.
    """
    owners: dict[Issuer, list[str]] = {}
    for name, issuer in issuers.items():
        owners.setdefault(issuer, []).append(name)
    if len(owners) > 1:
        found = "; ".join(f"{', '.join(names)}: {issuer}" for issuer, names in owners.items())
        yield Observation(
            Outcome.FAILED,
            target,
            T("the certificates are signed by different CAs. {found}", found=named(found)),
            T("Check that these control planes belong to the same cluster: compare /etc/kubernetes/pki/ca.crt on each"),
        )
    elif len(issuers) > 1:
        yield Observation(
            Outcome.OK,
            target,
            T("all {count} are signed by the same CA: {issuer}", count=len(issuers), issuer=next(iter(owners))),
        )


def judged_endpoint_issuer(target: str, issuer: Issuer, own: set[Issuer]) -> Iterator[Observation]:
    """Whether the endpoint shows a certificate of the API servers' CA: kubelets trust no other."""
    if own and issuer not in own:
        yield Observation(
            Outcome.FAILED,
            target,
            T(
                "endpoint: the certificate is signed by {issuer}, not by the API servers' CA ({own})",
                issuer=issuer,
                own=named(", ".join(sorted(str(one) for one in own))),
            ),
            T(
                "Something on the path terminates TLS. Let the load balancer pass TCP through (layer 4): nodes trust "
                "only the cluster's CA"
            ),
        )


CHECK = Check("certificates", 60, T("Certificates"), run, after=True)
