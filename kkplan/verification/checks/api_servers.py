"""After the install: every API server's /readyz, beside the load balancer and through each LB server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.locale import T, Text
from kkplan.verification.check import PORT_WORDS, Check, Circumstances, Outcome, Seen, place
from kkplan.verification.probe import Answer, Port, ask


async def look(it: Circumstances) -> Sequence[Seen]:
    """Ask each API server, and through each LB server."""
    site = it.site
    places = [(backend.name, backend.address, backend.port) for backend in site.backends]
    places += [(lb.name, lb.address, site.port) for lb in site.lb_servers]
    answers = await asyncio.gather(*(ask(host, port, it.timeout, site.domain) for _, host, port in places))
    return [judged(name, place(host, port), answer) for (name, host, port), answer in zip(places, answers, strict=True)]


def judged(name: str, target: str, answer: Answer) -> Seen:
    """What an answer to /readyz says."""
    if answer.alive:
        return Seen(Outcome.OK, target, T("{name}: /readyz answers {status}", name=name, status=answer.status))
    return Seen(
        Outcome.FAILED,
        target,
        T("{name}: {what}", name=name, what=what_is_wrong(answer)),
        T("On a control plane: crictl ps -a --name kube-apiserver. On an LB server: journalctl -u haproxy"),
    )


def what_is_wrong(answer: Answer) -> Text:
    """Why an answer is none of an API server that serves."""
    if answer.status:
        return T("/readyz answers {status}: the API server is not ready", status=answer.status)
    if answer.port is Port.OPEN:
        return T("no answer over TLS ({failure})", failure=answer.failure)
    return T("the port is {port}", port=PORT_WORDS[answer.port])


CHECK = Check("api-servers", 40, T("API servers, beside the load balancer and through it"), look, after=True)
