"""After the install: the endpoint answers over TLS, as an API server does."""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.locale import T
from kkplan.verification.check import Check, Circumstances, Seen, place
from kkplan.verification.checks.api_servers import judged
from kkplan.verification.probe import ask


async def look(it: Circumstances) -> Sequence[Seen]:
    """Ask at the endpoint; nothing where it is on the nodes only."""
    site = it.site
    if not site.address:
        return []
    answer = await ask(site.address, site.port, it.timeout, site.domain)
    return [judged(str(T("endpoint")), place(site.address, site.port), answer)]


CHECK = Check("endpoint-tls", 50, T("Endpoint over TLS"), look, after=True)
