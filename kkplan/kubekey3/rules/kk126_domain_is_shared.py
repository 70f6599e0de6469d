"""A domain among the names that kk writes into /etc/hosts before it, or which begins one that kk's sed script matches."""

import re

from kkplan.kubekey3.endpoint import HAPROXY
from kkplan.kubekey3.endpoint_readers import earlier_line, earlier_names
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule


def check(subject: Subject) -> Findings:
    if subject.config.skips_hosts_file:
        return
    if earlier := earlier_line(subject):
        yield RULE.finding(
            T(
                "domain {domain} is also a name of {owner}, which comes first in /etc/hosts: nodes go there instead",
                domain=subject.endpoint.domain,
                owner=earlier[0],
            ),
            T("Choose a domain that is not used for anything else"),
            at=subject.endpoint.place_of("domain"),
        )
        return
    if subject.endpoint.internal_loadbalancer != HAPROXY:
        return
    domain = subject.endpoint.domain.casefold()
    # What `s#.* DOMAIN#127.0.0.1 DOMAIN#g` changes: dots stand for any character.
    hit = re.compile(re.escape(subject.endpoint.domain).replace("\\.", "."))
    for owner, name, _ in earlier_names(subject.config, hit):
        if name.casefold() != domain and hit.match(name):
            yield RULE.finding(
                T(
                    "kk's script for /etc/hosts also matches {name}, a name of {owner}, and turns its line into one for "
                    "the endpoint",
                    name=name,
                    owner=owner,
                ),
                T("Choose a domain that is not the beginning of another name"),
                at=subject.endpoint.place_of("domain"),
            )
            return


RULE = Rule(
    "KK126",
    Severity.ERROR,
    T("the endpoint's domain is already used in /etc/hosts"),
    check,
    why=T(
        "kk writes /etc/hosts of every node in this order: names of hosts, the registry and dns.nodeEtcHosts "
        "first, the endpoint's domain last. The first line with a name wins, so nodes go to the other "
        "machine. With internal HAProxy, a sed script then replaces every line that has a name beginning "
        "with the domain."
    ),
    source="cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/loadbalancer/tasks.go, UpdateHosts; hosts(5)",
    bad="""\
controlPlaneEndpoint:
  domain: master1
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: lb.kubesphere.local
  address: 172.16.0.100
""",
)
