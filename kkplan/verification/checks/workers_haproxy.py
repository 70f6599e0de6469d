"""After the install: KubeKey's HAProxy runs on each worker.

Source: KubeKey v3.1.8, cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go: `bind *:8081` (IPv4 alone), `monitor-uri /healthz`,
which answers 200 as long as HAProxy runs, whatever its backends do. Its port for the API server is bound to 127.0.0.1, so
only on the worker itself can it be asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address

from kkplan.cluster.site import SiteMachine
from kkplan.locale import T, node_names
from kkplan.verification.check import Check, Observation, Outcome, ProbeContext
from kkplan.verification.neighbour import own_addresses
from kkplan.verification.probe import Answer, Port, ask, ask_plainly, host_port
from kkplan.verification.words import answer_words, network_advice

HEALTH_PORT = 8081
HEALTH_PATH = "/healthz"
# Keeps the report readable and the number of requests bounded.
MAX_WORKERS = 100
_LOCAL = "127.0.0.1"
_ADVICE = T("On the worker: crictl ps -a --name haproxy; cat /etc/kubekey/haproxy/haproxy.cfg")


async def run(context: ProbeContext) -> Sequence[Observation]:
    """Query the health of HAProxy on each worker, and an API server through this machine's."""
    workers = context.site.haproxy_workers[:MAX_WORKERS]
    answers = await asyncio.gather(
        *(ask_plainly(worker.address, HEALTH_PORT, HEALTH_PATH, context.timeout) for worker in workers)
    )
    seen = [judged(worker, answer) for worker, answer in zip(workers, answers, strict=True)]
    here = await own_addresses() if workers else set()
    own = next((worker for worker in workers if ip_address(worker.address) in here), None)
    if own is not None:
        answer = await ask(_LOCAL, context.site.port, context.timeout, context.site.server_name)
        seen.append(judged_own(own, host_port(_LOCAL, context.site.port), answer))
    elif workers:
        text = T("HAProxy listens for the API server only on the worker itself. To check it, run this on a worker")
        seen.append(Observation(Outcome.SKIPPED, host_port(_LOCAL, context.site.port), text))
    return [*seen, *left_out(context)]


def judged(worker: SiteMachine, answer: Answer) -> Observation:
    """The health of HAProxy."""
    target = host_port(worker.address, HEALTH_PORT)
    text = T("{name}: {what}", name=node_names(worker.name), what=answer_words(answer, HEALTH_PATH))
    if answer.status == 200:
        return Observation(Outcome.OK, target, text)
    if ":" in worker.address and answer.port is Port.REFUSED:
        text = T("{name}: KubeKey's HAProxy reports its health only over IPv4", name=node_names(worker.name))
        return Observation(Outcome.SKIPPED, target, text)
    return Observation(Outcome.FAILED, target, text, network_advice(answer.port, _ADVICE))


def judged_own(worker: SiteMachine, target: str, answer: Answer) -> Observation:
    """The result through the HAProxy of this machine, if it is a worker."""
    text = T("{name}, which is this machine: {what}", name=node_names(worker.name), what=answer_words(answer))
    return Observation(Outcome.OK, target, text) if answer.alive else Observation(Outcome.FAILED, target, text, _ADVICE)


def left_out(context: ProbeContext) -> Sequence[Observation]:
    """How many workers were not checked."""
    count = len(context.site.haproxy_workers) - MAX_WORKERS
    if count <= 0:
        return []
    return [Observation(Outcome.SKIPPED, context.site.domain, T("{count} more workers were not checked", count=count))]


CHECK = Check("workers-haproxy", 38, T("HAProxy on the workers"), run, after=True)
