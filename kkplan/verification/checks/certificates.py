"""After the install: each API server's own certificate holds the domain and the address, and all are of one CA.

Behind a load balancer a client meets any of them; the one at the endpoint says nothing of the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

from kkplan.cluster.site import Site
from kkplan.locale import T
from kkplan.verification.check import Check, Circumstances, Outcome, Seen, place
from kkplan.verification.probe import Answer, ask, covers

# kubeadm's certificates are valid for a year (its constants.go, CertificateValidityPeriod); KubeKey renews those of the last 30 days.
_SOON = timedelta(days=30)


async def look(it: Circumstances) -> Sequence[Seen]:
    """Ask each API server for its certificate."""
    site = it.site
    answers = await asyncio.gather(
        *(ask(backend.address, backend.port, it.timeout, site.domain) for backend in site.backends)
    )
    now = datetime.now(timezone.utc)
    seen = [
        judged(site, backend.name, place(backend.address, backend.port), answer, now)
        for backend, answer in zip(site.backends, answers, strict=True)
        if answer.not_after is not None
    ]
    return [*seen, *judged_issuers(site, answers)]


def judged(site: Site, name: str, target: str, answer: Answer, now: datetime) -> Seen:
    """What one API server's certificate says; there was one."""
    assert answer.not_before is not None  # noqa: S101 - a certificate has both
    assert answer.not_after is not None  # noqa: S101
    wanted = dict.fromkeys(host for host in (site.domain, site.address) if host)
    missing = [host for host in wanted if not covers(answer.names, host)]
    if missing:
        return Seen(
            Outcome.FAILED,
            target,
            T("{name}: the certificate is not valid for {names}", name=name, names=", ".join(missing)),
            T(
                "Put it into the API server's certSANs (spec.kubernetes.apiserverCertExtraSans), and renew the certificate"
            ),
        )
    if not answer.not_before <= now <= answer.not_after:
        return Seen(
            Outcome.FAILED,
            target,
            T(
                "{name}: the certificate is valid from {start:%Y-%m-%d} to {end:%Y-%m-%d} only",
                name=name,
                start=answer.not_before,
                end=answer.not_after,
            ),
            T("Renew it: kubeadm certs renew apiserver; look at the clocks of the machines"),
        )
    text = T(
        "{name}: the certificate is valid for {names} until {end:%Y-%m-%d}",
        name=name,
        names=", ".join(wanted),
        end=answer.not_after,
    )
    if answer.not_after - now < _SOON:
        return Seen(Outcome.WARNING, target, text, T("Renew it soon: kubeadm certs renew apiserver"))
    return Seen(Outcome.OK, target, text)


def judged_issuers(site: Site, answers: Sequence[Answer]) -> Iterator[Seen]:
    """Whether one CA has signed all: a client trusts one."""
    issuers = {answer.issuer: backend for backend, answer in zip(site.backends, answers, strict=True) if answer.issuer}
    if len(issuers) > 1:
        names = ", ".join(backend.name for backend in issuers.values())
        yield Seen(
            Outcome.FAILED,
            site.domain,
            T("the certificates are of different CAs, e.g. those of {names}", names=names),
            T("Are these control planes of one cluster? Look at /etc/kubernetes/pki/ca.crt on each"),
        )


CHECK = Check("certificates", 45, T("Certificates"), look, after=True)
