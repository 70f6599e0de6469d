"""After the install: the endpoint and each LB server forward TLS requests to every API server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from kkplan.cluster.site import Site
from kkplan.locale import Listed, T, Text, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import Answer, ask, host_port
from kkplan.verification.words import answer_words, network_advice

# Enough that a load balancer with random balancing, as in some clouds, misses one of three only once in 5,000 times.
_REQUESTS_FOR_EACH = 8
_MOST_REQUESTS = 64


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Send requests through the load balancer; the certificates show which API servers answered."""
    ways = _ways(context.site)
    if not ways:
        text = T(
            "the endpoint is 127.0.0.1 on each node: from outside, only the API servers and workers can be checked"
        )
        return [Observation(Outcome.SKIPPED, context.site.domain, text)]
    beside = await asyncio.gather(
        *(ask(own.address, own.port, context.timeout, context.site.server_name) for own in context.site.backends)
    )
    known = dict(zip((own.name for own in context.site.backends), beside, strict=True))
    seen = await asyncio.gather(*(_along(context, name, address, known) for name, address in ways))
    return [one for found in seen for one in found]


def _ways(site: Site) -> list[tuple[Text | Listed, str]]:
    """The endpoint and the LB servers: the name and address of each."""
    endpoint: list[tuple[Text | Listed, str]] = [(T("endpoint"), site.address)] if site.address else []
    return [*endpoint, *((node_names(lb.name), lb.address) for lb in site.lb_servers)]


async def _along(
    context: ProbeContext, name: Text | Listed, address: str, beside: Mapping[str, Answer]
) -> Sequence[Observation]:
    site = context.site
    count = min(_REQUESTS_FOR_EACH * len(site.backends), _MOST_REQUESTS) if site.has_load_balancer else 1
    answers = await asyncio.gather(*(ask(address, site.port, context.timeout, site.server_name) for _ in range(count)))
    seen = judged(name, host_port(address, site.port), answers)
    if not site.has_load_balancer or seen.outcome is not Outcome.OK:
        return [seen]
    return [seen, *judged_reached(name, host_port(address, site.port), answers, beside)]


def judged(name: Text | Listed, target: str, answers: Sequence[Answer]) -> Observation:
    """Whether all requests were answered."""
    bad = next((answer for answer in answers if not answer.alive), None)
    if bad is None:
        text = T("{name}: {count} requests for /readyz, all answered", name=name, count=len(answers))
        return Observation(Outcome.OK, target, text)
    text = T(
        "{name}: {failed} of {count} requests for /readyz failed: {what}",
        name=name,
        failed=sum(not answer.alive for answer in answers),
        count=len(answers),
        what=answer_words(bad),
    )
    advice = T("Check the LB servers (journalctl -u haproxy -u keepalived), then the API servers behind them")
    return Observation(Outcome.FAILED, target, text, network_advice(bad.port, advice))


def judged_reached(
    name: Text | Listed, target: str, answers: Sequence[Answer], beside: Mapping[str, Answer]
) -> Sequence[Observation]:
    """Which API servers the requests reached; nothing if they cannot be distinguished.

    Args:
        beside: each API server's own answer, by its name.
    """
    owners = {own: answer.certificate.fingerprint for own, answer in beside.items() if answer.certificate}
    if len(set(owners.values())) < len(beside):
        return []  # one does not answer, which another check reports, or several have the same certificate
    reached = {answer.certificate.fingerprint for answer in answers if answer.certificate}
    if not reached <= set(owners.values()):
        return [
            Observation(
                Outcome.FAILED,
                target,
                T("{name}: the answer does not come from an API server of the config", name=name),
                T(
                    "Compare the load balancer's backends with the config's control planes. It must pass TLS "
                    "through, not terminate it"
                ),
            )
        ]
    missing = [own for own, fingerprint in owners.items() if fingerprint not in reached]
    if missing:
        return [
            Observation(
                Outcome.WARNING,
                target,
                T("{name}: no request reached {names}", name=name, names=node_names(*missing)),
                T(
                    "Check that this server is a healthy backend of the load balancer. Session affinity has the same "
                    "effect"
                ),
            )
        ]
    return [
        Observation(Outcome.OK, target, T("{name}: requests reached {names}", name=name, names=node_names(*owners)))
    ]


CHECK = Check("endpoint-tls", 50, T("Endpoint over TLS, and each LB server"), run, after=True)
