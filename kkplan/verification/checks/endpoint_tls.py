"""After the install: the endpoint answers over TLS, with a certificate for its domain and its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from kkplan.locale import T
from kkplan.verification.check import Check, Circumstances, Outcome, Seen, place
from kkplan.verification.checks.api_servers import judged as judged_answer
from kkplan.verification.probe import Answer, ask, covers
from kkplan.verification.site import Site


async def look(it: Circumstances) -> Sequence[Seen]:
    """Ask at the endpoint; where it is on the nodes only, look at the first API server's certificate."""
    site = it.site
    host, port = (site.address, site.port) if site.address else (site.backends[0].address, site.backends[0].port)
    answer = await ask(host, port, it.timeout, site.domain)
    seen = [judged_answer(str(T("endpoint")), place(host, port), answer)] if site.address else []
    return [*seen, *judged_certificate(site, place(host, port), answer, datetime.now(timezone.utc))]


def judged_certificate(site: Site, target: str, answer: Answer, now: datetime) -> Sequence[Seen]:
    """Whether the certificate holds the domain and the address, and is valid now."""
    if answer.not_before is None or answer.not_after is None:
        return []
    seen = []
    for wanted in dict.fromkeys(name for name in (site.domain, site.address) if name):
        if covers(answer.names, wanted):
            seen.append(Seen(Outcome.OK, target, T("the certificate is valid for {name}", name=wanted)))
        else:
            seen.append(
                Seen(
                    Outcome.FAILED,
                    target,
                    T("the certificate is not valid for {name}", name=wanted),
                    T(
                        "Put it into the API server's certSANs (spec.kubernetes.apiserverCertExtraSans), and renew the certificate"
                    ),
                )
            )
    if not answer.not_before <= now <= answer.not_after:
        seen.append(
            Seen(
                Outcome.FAILED,
                target,
                T(
                    "the certificate is valid from {start:%Y-%m-%d} to {end:%Y-%m-%d} only",
                    start=answer.not_before,
                    end=answer.not_after,
                ),
                T("Renew it: kubeadm certs renew apiserver; look at the clocks of the machines"),
            )
        )
    return seen


CHECK = Check("endpoint-tls", 50, T("Endpoint over TLS"), look, after=True)
