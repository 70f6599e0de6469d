"""After the install: KubeKey's HAProxy runs on each worker.

Source: KubeKey v3.1.8, cmd/kk/pkg/loadbalancer/templates/haproxyConfig.go: `bind *:8081`, `monitor-uri /healthz`. Its port for
the API server is bound to 127.0.0.1 and cannot be seen from outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kkplan.cluster.site import SiteMachine
from kkplan.locale import T
from kkplan.verification.check import PORT_WORDS, Check, Circumstances, Outcome, Seen, place
from kkplan.verification.probe import Answer, ask_plainly

HEALTH_PORT = 8081
HEALTH_PATH = "/healthz"
# As many machines as one looks at; the number of requests has to stay bounded.
MAX_WORKERS = 100


async def look(it: Circumstances) -> Sequence[Seen]:
    """Ask HAProxy on each worker for its health."""
    workers = it.site.haproxy_workers[:MAX_WORKERS]
    answers = await asyncio.gather(
        *(ask_plainly(worker.address, HEALTH_PORT, HEALTH_PATH, it.timeout) for worker in workers)
    )
    seen = [judged(worker, answer) for worker, answer in zip(workers, answers, strict=True)]
    return [*seen, *left_out(it)]


def judged(worker: SiteMachine, answer: Answer) -> Seen:
    """What HAProxy says of itself."""
    target = place(worker.address, HEALTH_PORT)
    if answer.status == 200:
        return Seen(Outcome.OK, target, T("{name}: HAProxy answers {path}", name=worker.name, path=HEALTH_PATH))
    what = (
        T("{path} answers {status}", path=HEALTH_PATH, status=answer.status)
        if answer.status
        else T("the port is {port}", port=PORT_WORDS[answer.port])
    )
    return Seen(
        Outcome.FAILED,
        target,
        T("{name}: {what}", name=worker.name, what=what),
        T("On the worker: crictl ps -a --name haproxy; cat /etc/kubekey/haproxy/haproxy.cfg"),
    )


def left_out(it: Circumstances) -> Sequence[Seen]:
    """How many workers were not looked at."""
    count = len(it.site.haproxy_workers) - MAX_WORKERS
    if count <= 0:
        return []
    return [Seen(Outcome.SKIPPED, it.site.domain, T("{count} more workers were not asked", count=count))]


CHECK = Check("workers-haproxy", 38, T("HAProxy on the workers"), look, after=True)
