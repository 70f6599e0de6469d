"""internal-haproxy: KubeKey installs HAProxy on the workers; only the config changes.

Source: KubeKey cmd/kk/pkg/loadbalancer; the guide's 使用本地负载均衡配置.
"""

from __future__ import annotations

from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.locale import T
from kkplan.modes.mode import Mode
from kkplan.modes.question import Answers, Question
from kkplan.modes.shared_questions import DOMAIN, domain_of


class InternalHaproxy(Mode):
    """HAProxy on every worker, installed by KubeKey."""

    name = "internal-haproxy"
    rank = 1
    title = T("HAProxy on the workers (KubeKey installs it)")
    when = T("Needs no other machines; only the nodes can use it.")
    questions: tuple[Question, ...] = (DOMAIN,)

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """KubeKey's HAProxy."""
        return WantedEndpoint(EndpointKind.INTERNAL_HAPROXY, domain_of(today, answers))


MODE = InternalHaproxy()
