"""native.localDNS without /etc/hosts: kk writes neither the endpoint nor the nodes' names there."""

from kkplan.cluster.cluster import is_ip
from kkplan.kubekey4.local_dns import writes_hosts_file
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    files, endpoint = subject.config, subject.endpoint
    native = files.variables("").get("native")
    if files.load_stops or not isinstance(native, dict) or writes_hosts_file(files.variables("")):
        return
    if not isinstance(native.get("localDNS"), (list, type(None))):
        return
    yield RULE.finding(
        T("kk does not write /etc/hosts: the site's DNS has to resolve the names of the nodes")
        if is_ip(endpoint.domain)
        else T(
            "kk does not write /etc/hosts: the site's DNS has to resolve {domain} and the names of the nodes",
            domain=endpoint.domain,
        ),
        T("Test both on a node before the install: getent hosts NAME"),
        at=files.place_at("native", "localDNS"),
    )


RULE = Rule(
    "KK407",
    Severity.WARNING,
    T("kk leaves /etc/hosts alone"),
    check,
    why=T(
        "native.localDNS lists the files that kk writes names into; the default is /etc/hosts. A load balancer that has only a DNS name needs an empty list, because a line in /etc/hosts would shadow the name with 127.0.0.1. The price: kk then writes no node names either, so the site's DNS has to know the nodes as well, and kk reports nothing when it does not."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/native/dns/tasks/main.yaml; builtin/core/roles/defaults/defaults/main/02-native.yaml",
    bad="# config.yaml\nnative:\n  localDNS: []\n",
    good="# config.yaml\nnative:\n  timezone: Asia/Shanghai\n",
)
