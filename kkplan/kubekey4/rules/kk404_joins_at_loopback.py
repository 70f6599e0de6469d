"""An endpoint at which no node can join: a type that kk 4 does not know, or a host that leads nowhere."""

import re

from kkplan.cluster.cluster import is_ip
from kkplan.cluster.endpoint import INIT_NODE
from kkplan.kubekey4.defaults import LOCAL, TYPES
from kkplan.kubekey4.files import Files, block_of
from kkplan.kubekey4.go_data import rendered
from kkplan.kubekey4.installation import failures
from kkplan.kubekey4.inventory import CLUSTER
from kkplan.kubekey4.loading import BLOCK_PATH
from kkplan.kubekey4.local_dns import SHELL, leads_to, writes_hosts_file
from kkplan.kubekey4.precheck import Failure, Phase
from kkplan.kubekey4.rules.places import place_of
from kkplan.kubekey4.subject import Subject
from kkplan.locale import T, node_names
from kkplan.nearest import CLOSE, nearest
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_IP_ADVICE = T("Write the load balancer's IP address, without a port")


def check(subject: Subject) -> Findings:
    files = subject.config
    if files.load_stops or any(failure.phase is Phase.DEFAULTS for failure in failures(files)):
        return
    yield from _unknown_types(files)
    yield from _without_address(subject)


def _unknown_types(files: Files) -> Findings:
    members = set(files.inventory.members_of(CLUSTER)) if files.inventory is not None else set()
    for host, variables in files.variables_in_cluster():
        kind = block_of(variables).get("type")
        if kind in TYPES or not (kind is None or isinstance(kind, str)) or not block_of(variables):
            continue
        guess = nearest(rendered(kind).lower().replace("_", "-").replace("kubevip", "kube-vip"), TYPES, CLOSE)
        message = T(
            "unknown type {type}: the endpoint is 127.0.0.1 on every node, so no node can join",
            type=rendered(kind),
        )
        advice = T("Did you mean {guess}?", guess=guess) if guess else T("Write one of {types}", types=", ".join(TYPES))
        failure = Failure(Phase.INSTALL, message, advice, (*BLOCK_PATH, "type"), host)
        severity = None if len(members) != 1 else Severity.WARNING
        yield RULE.finding(message, advice, at=place_of(files, failure), severity=severity)


def _without_address(subject: Subject) -> Findings:
    """The name comes to stand in a node's /etc/hosts in no form in which it can be looked up."""
    files, endpoint = subject.config, subject.endpoint
    if is_ip(endpoint.domain) or not endpoint.block:
        return
    if files.inventory is None:
        if endpoint.type == LOCAL and endpoint.local_address and not is_ip(endpoint.local_address):
            yield RULE.finding(
                T("local.address is not an IP address: nodes cannot look the endpoint up, so none can join"),
                _IP_ADVICE,
                at=endpoint.place_of("address"),
            )
        return
    members = set(files.inventory.members_of(CLUSTER))
    for one in leads_to(files):
        if one.node not in members or not writes_hosts_file(files.variables(one.node)):
            continue
        block = block_of(files.variables(one.node))
        first = next(iter(one.after_install), INIT_NODE)
        if block.get("type") == LOCAL and first != INIT_NODE and not is_ip(first):
            yield RULE.finding(
                T("local.address is not an IP address: {host} finds no API server", host=node_names(one.node)),
                _IP_ADVICE,
                at=endpoint.place_of("address"),
            )
            return
        host = rendered(block.get("host"))
        if not _NAME.fullmatch(host) and SHELL.isdisjoint(host):
            yield RULE.finding(
                T("host is not a valid name: nodes cannot look it up, so none can join"),
                T("Write a DNS name: letters, digits, - and ."),
                at=endpoint.place_of("domain"),
            )
            return


RULE = Rule(
    "KK404",
    Severity.ERROR,
    T("an endpoint at which no node can join"),
    check,
    why=T(
        "kk compares type with three words, letter for letter: local, haproxy and kube-vip (kube_vip up to 4.0.4). With any other it deploys nothing and writes 127.0.0.1 for the endpoint on every node. kubeadm init succeeds, and every join waits for an API server on its own machine. A host that is not a name, or a local.address that is not an IP address, gives a line of /etc/hosts that cannot be looked up."
    ),
    source="KubeKey v4.0.6, builtin/core/roles/native/dns/tasks/main.yaml; builtin/core/roles/kubernetes/init-kubernetes/tasks/main.yaml",
    bad="# config.yaml\nkubernetes:\n  control_plane_endpoint:\n    type: kube_vip\n    kube_vip:\n      address: 10.0.0.100\n",
    good="# config.yaml\nkubernetes:\n  kube_proxy:\n    mode: iptables\n  apiserver:\n    certSANs: [10.0.0.100]\n  control_plane_endpoint:\n    type: kube-vip\n    kube_vip:\n      address: 10.0.0.100\n",
)
