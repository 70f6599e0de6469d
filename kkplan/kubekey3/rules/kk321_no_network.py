"""kubePodsCIDR or kubeServiceCIDR with a comma-separated part that is not written as network/prefix."""

from kkplan.kubekey3.networks import NETWORK_KEYS, invalid_parts, is_network
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, Text
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    config = subject.config
    for key in NETWORK_KEYS:
        for part in invalid_parts(config, key):
            message, advice = _words(key, part)
            yield RULE.finding(message, advice, at=config.place_at("network", key))


def _words(key: str, part: str) -> tuple[Text, Text]:
    bare = part.strip()
    if bare != part and is_network(bare):
        message = T("{key}: {text} is written with a space before or after it. kubeadm rejects it", key=key, text=bare)
        return message, T("Remove the space")
    return (
        T("{key}: {text} is not a network", key=key, text=part),
        T("Write the first address and the prefix, e.g. 10.233.64.0/18. Separate IPv4 and IPv6 by a comma"),
    )


RULE = Rule(
    "KK321",
    Severity.ERROR,
    T("an invalid pod or service network"),
    check,
    why=T(
        "kk writes the networks unchanged into the configuration of kubeadm and of the network plugin. "
        "kubeadm rejects an address without a prefix or with bits set after the prefix, but only after kk "
        "has prepared the machines. If kk cannot parse the first service network, kk itself panics. Spaces after "
        "the comma count as part of the address."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/default.go, SetDefaultNetworkCfg; run: KubeKey v3.1.12, GenerateCertSANs; kubeadm, cmd/kubeadm/app/apis/kubeadm/validation, ValidateNetworking",
    bad="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.1/18
""",
    good="""\
network:
  plugin: calico
  kubePodsCIDR: 10.233.64.0/18
""",
)
