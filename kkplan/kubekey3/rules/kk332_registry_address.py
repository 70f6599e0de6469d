"""A private registry written as a URL or with a slash at the end, or with a port although kk installs it."""

import re

from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PORT = re.compile(r":([0-9]+)\Z")
_PORT_OF_KK = "443"  # bootstrap/registry/templates: ports of Harbor and of the registry


def check(subject: Subject) -> Findings:
    config = subject.config
    address = config.text_at("registry", "privateRegistry")
    place = config.place_at("registry", "privateRegistry")
    scheme = _SCHEME.match(address)
    if scheme or address.endswith("/"):
        bare = _SCHEME.sub("", address, count=1).strip("/")
        if config.hosts_in("registry"):
            host, slash, path = bare.partition("/")
            bare = _PORT.sub("", host) + slash + path
        yield RULE.finding(
            T(
                "privateRegistry {text} is a URL: kk puts it before every image name, so no image can be pulled",
                text=address,
            )
            if scheme
            else T(
                "privateRegistry {text} ends with a slash: every image name gets a double slash, so no image can be pulled",
                text=address,
            ),
            T("Write {address}, and set plainHTTP: true for it in registry.auths", address=bare)
            if scheme and scheme.group().casefold() == "http://"
            else T("Write {address}", address=bare),
            at=place,
        )
        return
    host = address.partition("/")[0]
    port = _PORT.search(host)
    if port and config.hosts_in("registry"):
        bare = host[: port.start()]
        yield RULE.finding(
            T(
                "privateRegistry {text}: kk writes {host} with its port into /etc/hosts, so no node can find the registry",
                text=address,
                host=host,
            )
            if port.group(1) == _PORT_OF_KK
            else T(
                "privateRegistry {text}: kk writes {host} with its port into /etc/hosts, but the registry it "
                "installs listens on {port}",
                text=address,
                host=host,
                port=_PORT_OF_KK,
            ),
            T("Write {address}, here and in registry.auths", address=bare),
            at=place,
        )


RULE = Rule(
    "KK332",
    Severity.ERROR,
    T("a private registry with a scheme or a port"),
    check,
    why=T(
        "kk uses everything before the first slash as the registry's name: for https://harbor.example.com "
        "this is `https:`. The name is part of every image name. If kk installs the registry, it also writes "
        "the name with its port into /etc/hosts and the certificates, where a name with a port is invalid. "
        "The install fails at the first image pull. A registry of your own, without the role group registry, "
        "may have a port."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GetHost; cmd/kk/pkg/bootstrap/os/templates/init_script.go, GenerateHosts; cmd/kk/pkg/bootstrap/registry/templates; cmd/kk/pkg/images/images.go, ImageRepo",
    bad="""\
registry:
  privateRegistry: https://harbor.example.com
""",
    good="""\
registry:
  privateRegistry: harbor.example.com
""",
)
