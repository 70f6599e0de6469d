"""After the install: every API server's /readyz, without the load balancer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.locale import T, Text, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.probe import Answer, ask, host_port
from kkplan.verification.words import answer_words, network_advice


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Query each API server."""
    site = context.site
    answers = await asyncio.gather(
        *(ask(own.address, own.port, context.timeout, site.server_name) for own in site.backends)
    )
    return [
        judged(own.name, host_port(own.address, own.port), answer)
        for own, answer in zip(site.backends, answers, strict=True)
    ]


def judged(name: str, target: str, answer: Answer) -> Observation:
    """The result of an answer to /readyz."""
    text = T("{name}: {what}", name=node_names(name), what=answer_words(answer))
    if answer.alive:
        return Observation(Outcome.OK, target, text)
    return Observation(Outcome.FAILED, target, text, _advice(answer))


def _advice(answer: Answer) -> Text:
    if answer.is_api_server:
        return T("It runs but is not ready. On that machine, run kubectl get --raw '/readyz?verbose', and check etcd")
    if answer.status:
        return T("Another program uses the port. To find it: ss -ltnp")
    return network_advice(answer.port, T("On that machine, run: crictl ps -a --name kube-apiserver"))


CHECK = Check("api-servers", 40, T("API servers, without the load balancer"), run, after=True)
