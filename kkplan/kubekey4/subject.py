"""What a rule of KubeKey 4 judges."""

from kkplan.kubekey4.endpoint import ControlPlaneEndpoint
from kkplan.kubekey4.files import Files
from kkplan.plan import rule

Subject = rule.Subject[ControlPlaneEndpoint, Files]
