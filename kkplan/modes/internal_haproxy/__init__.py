"""internal-haproxy: KubeKey puts HAProxy on the workers; only controlPlaneEndpoint changes.

Source: KubeKey cmd/kk/pkg/loadbalancer; the guide's 使用本地负载均衡配置.
"""

from __future__ import annotations

from collections.abc import Sequence

from kkplan.cluster.cluster import Cluster
from kkplan.cluster.endpoint import DEFAULT_PORT, HAPROXY
from kkplan.document.setting import Setting
from kkplan.locale import T, Text
from kkplan.modes.question import Answers, Question
from kkplan.modes.shared_questions import DOMAIN, domain_of
from kkplan.plan.artifact import Artifact
from kkplan.rules.rule import Subject


class InternalHaproxy:
    """HAProxy on every worker, installed by KubeKey."""

    name = "internal-haproxy"
    rank = 1
    title = T("HAProxy on the workers (KubeKey installs it)")
    when = T("No load balancer and no spare servers. Only nodes use it; clients outside need a way of their own.")
    questions: tuple[Question, ...] = (DOMAIN,)
    written_names = ()

    def settings(self, cluster: Cluster, answers: Answers) -> tuple[Setting, ...]:
        """haproxy, no address, and port 6443, which KubeKey binds as a constant."""
        return (
            Setting("internalLoadbalancer", HAPROXY),
            Setting("domain", domain_of(cluster, answers)),
            Setting("address", "", accepts=(None,), quoted=True),
            Setting("port", DEFAULT_PORT),
        )

    def subject(self, cluster: Cluster, answers: Answers) -> Subject:
        """The cluster alone."""
        return Subject(cluster, mode=self.name)

    def advice(self, config_name: str, output_dir: str) -> Sequence[Text]:
        """Nothing but the install is left."""
        return ()

    def artifacts(self, cluster: Cluster, answers: Answers, config_name: str) -> tuple[Artifact, ...]:
        """None: KubeKey brings the files."""
        return ()


MODE = InternalHaproxy()
