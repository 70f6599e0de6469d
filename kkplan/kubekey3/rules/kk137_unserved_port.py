"""An endpoint port where nothing listens: without a load balancer, or with kube-vip, it must be 6443."""

from kkplan.cluster.backend import API_SERVER_PORT
from kkplan.document.setting import Setting
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.effective import asks_unserved_port, effective_endpoint
from kkplan.kubekey3.endpoint import KUBE_VIP
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if asks_unserved_port(subject, effective_endpoint(subject).route):
        yield RULE.finding(
            T(
                "port is {port}, but API servers and kube-vip listen only on {served}: no node would reach the endpoint",
                port=subject.endpoint.port,
                served=API_SERVER_PORT,
            ),
            T("Set port to 6443, or set address to a load balancer that listens on that port"),
            at=subject.endpoint.place_of("port"),
            fix=_fix(subject.config),
        )


def _fix(config: Config) -> Fix | None:
    """Set 6443 with kube-vip. Otherwise the mistake may be a missing address of a load balancer."""
    if config.text_at("controlPlaneEndpoint", "internalLoadbalancer") != KUBE_VIP:
        return None
    return Fix((config.change(Setting("port", API_SERVER_PORT)),))


RULE = Rule(
    "KK137",
    Severity.ERROR,
    T("an endpoint port where nothing listens"),
    check,
    until_survives=True,
    why=T(
        "kk gives every API server and kube-vip the constant port 6443; port only sets where nodes and "
        "kubeconfigs connect. Only a load balancer outside the cluster can listen on another port. Without "
        "one, kubeadm on the first control plane waits for an endpoint that never answers."
    ),
    source="cmd/kk/pkg/kubernetes/tasks.go, GenerateKubeadmConfig (BindPort, ControlPlaneEndpoint); cmd/kk/pkg/loadbalancer/templates/kubevipManifest.go; cmd/kk/apis/kubekey/v1alpha2/default.go, DefaultApiserverPort",
    bad="""\
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
  port: 8443
kubernetes:
  version: v1.26.5
  proxyMode: iptables
""",
    good="""\
controlPlaneEndpoint:
  internalLoadbalancer: kube-vip
  address: 172.16.0.100
  port: 6443
kubernetes:
  version: v1.26.5
  proxyMode: iptables
""",
    fixable=True,
)
