"""What a rule for any KubeKey checks."""

from typing import Any

from kkplan.cluster.endpoint import Endpoint
from kkplan.plan import rule

Subject = rule.Subject[Endpoint, Any]
