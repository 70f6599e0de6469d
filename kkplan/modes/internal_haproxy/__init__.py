"""internal-haproxy: KubeKey installs HAProxy on the workers; only the config changes.

Source: KubeKey cmd/kk/pkg/loadbalancer; the guide's 使用本地负载均衡配置.
"""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import Endpoint, EndpointKind, WantedEndpoint
from kkplan.cluster.load_balancer import LoadBalancer
from kkplan.locale import T, Text
from kkplan.modes.question import Answers, Question
from kkplan.modes.shared_questions import DOMAIN, domain_of
from kkplan.plan.artifact import Artifact
from kkplan.plan.installation import Installation


class InternalHaproxy:
    """HAProxy on every worker, installed by KubeKey."""

    name = "internal-haproxy"
    rank = 1
    title = T("HAProxy on the workers (KubeKey installs it)")
    when = T("Needs no other machines; only the nodes can use it.")
    questions: tuple[Question, ...] = (DOMAIN,)
    written_names = ()

    def wanted(self, today: Endpoint, answers: Answers) -> WantedEndpoint:
        """KubeKey's HAProxy."""
        return WantedEndpoint(EndpointKind.INTERNAL_HAPROXY, domain_of(today, answers))

    def load_balancer(self, answers: Answers) -> LoadBalancer:
        """None: KubeKey installs HAProxy."""
        return LoadBalancer()

    def advice(self, output_dir: str) -> Sequence[Text]:
        """Nothing to do before the install."""
        return ()

    def artifacts(
        self, cluster: Cluster, today: Endpoint, answers: Answers, installation: Installation
    ) -> tuple[Artifact, ...]:
        """None: KubeKey has its own files."""
        return ()


MODE = InternalHaproxy()
