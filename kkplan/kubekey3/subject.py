"""What a rule of KubeKey 3 checks."""

from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import ControlPlaneEndpoint
from kkplan.plan import rule

Subject = rule.Subject[ControlPlaneEndpoint, Config]
