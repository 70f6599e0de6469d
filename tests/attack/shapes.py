"""Configs of every shape that could make work grow faster than the file: each a function of a size, which gives the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Shape = Callable[[int], str]

_BASE = """\
apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: sample
spec:
  hosts:
  - {name: m1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, password: x}
  - {name: n1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, password: x}
@HOSTS@  roleGroups:
    etcd: [m1]
    control-plane: [m1]
    worker:
    - n1
@GROUPS@  controlPlaneEndpoint:
    domain: lb.kubesphere.local
    address: ""
    port: 6443
@BLOCK@  kubernetes:
    version: v1.28.0
    clusterName: cluster.local
@KUBE@@SPEC@@TOP@"""


def config(head: str = "", **parts: str) -> str:
    """A config with more text in front, among the hosts, the role groups, the block, kubernetes, spec, or at the end."""
    text = _BASE
    for place in ("hosts", "groups", "block", "kube", "spec", "top"):
        text = text.replace(f"@{place.upper()}@", parts.get(place, ""))
    return head + text


def each(count: int, line: Callable[[int], str]) -> str:
    """The lines for all numbers below the count."""
    return "".join(map(line, range(count)))


# What is read, however large: the work is to be in proportion to the size.
LINEAR: Mapping[str, Shape] = {
    "distinct-ranges": lambda n: config(groups=each(n, lambda i: f"    - n{i}x[1:20]\n")),
    "merge-list": lambda n: (
        each(n, lambda i: f"m{i}: &m{i} {{k{i}: 1}}\n")
        + config(spec="  registry: {<<: [" + ", ".join(f"*m{i}" for i in range(n)) + "]}\n")
    ),
    "anchors": lambda n: config(spec="  addons:\n" + each(n, lambda i: f"  - &a{i} {{name: x{i}}}\n")),
    "aliases": lambda n: "a: &a [x]\n" + config(spec="  addons:\n" + each(n, lambda i: "  - *a\n")),
    "alias-hosts": lambda n: "a: &a {name: x, address: 10.1.1.1}\n" + config(hosts=each(n, lambda i: "  - *a\n")),
    "alias-bomb-hosts": lambda n: (
        "a: &a ["
        + ", ".join(["{name: x}"] * n)
        + "]\n"
        + config(spec="  addons: *a\n" + each(n, lambda i: f"  x{i}: *a\n"))
    ),
    "alias-ranges": lambda n: 'a: &a ["node[1:100]"]\n' + config(groups=each(n, lambda i: f"    g{i}: *a\n")),
    "alias-deep-shapes": lambda n: (
        "a: &a {"
        + ", ".join(f"k{i}: 1" for i in range(n))
        + "}\n"
        + config(hosts=each(n, lambda i: f"  - {{name: q{i}, labels: *a}}\n"))
    ),
    "comments": lambda n: "# kkplan: ignore KK108 x\n" * n + config(),
    "comments-ids": lambda n: "# kkplan: ignore " + "KK108," * n + "KK108\n" + config(),
    "comments-odd-ids": lambda n: "# kkplan: ignore " + "A1 , " * n + "\n" + config(),
    "comments-many-finds": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: N_{i}, adress: 1.1.1.1}} # kkplan: ignore KK999\n")
    ),
    "comments-and-values": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: n{i}x, address: 1.1.1.1}} # kkplan: ignore KK999\n")
    ),
    "comments-spaces": lambda n: "#" + " " * n + "kkplan:" + " " * n + "ignore" + " " * n + "KK\n" + config(),
    "comments-hash": lambda n: "#" * n + "\n" + ("# \t" * n) + "\n" + config(),
    "blank-below-comment": lambda n: "# kkplan: ignore KK108\n\n" * n + config(),
    "dupkeys": lambda n: config(spec="  x: 1\n" * n),
    "dupkeys-hosts": lambda n: config(hosts="  - {name: a, name: b}\n" * n),
    "dupkeys-deep": lambda n: config(kube="    a: 1\n" * n),
    "longline": lambda n: config(spec="  x: " + "a" * n + "\n"),
    "longname": lambda n: config(hosts="  - {name: " + "a" * n + ", address: " + "1." * n + "}\n"),
    "longdomain": lambda n: config().replace("lb.kubesphere.local", "a." * n + "local"),
    "longaddr": lambda n: config().replace('address: ""', "address: " + "1" * n),
    "longaddr6": lambda n: config().replace('address: ""', 'address: "' + ":1" * n + '"'),
    "longversion": lambda n: config().replace("v1.28.0", "v1." + "2" * n),
    "longversion2": lambda n: config().replace("v1.28.0", "v1" + ".2" * n),
    "longversion3": lambda n: config().replace("v1.28.0", "v1.28.0-" + "a-" * n),
    "longkeyword": lambda n: config(spec="  " + "password" * n + ": x\n"),
    "plain-multi": lambda n: config(spec="  x: a\n" + "    b c\n" * n),
    "plain-blank": lambda n: config(spec="  x: a\n" + "\n" * n + "    b c\n"),
    "block-scalar": lambda n: config(spec="  x: |\n" + "    b: c\n" * n),
    "block-scalar-fold": lambda n: config(spec="  x: >\n" + "    b: c\n" * n),
    "quoted-multi": lambda n: config(spec='  x: "' + "a\n     " * n + '"\n'),
    "quoted-escape": lambda n: config(spec='  x: "' + "\\u0041" * n + '"\n'),
    "many-docs": lambda n: "---\na: 1\n" * n + "---\n" + config(),
    "many-docs-after": lambda n: config() + "---\na: 1\n" * n,
    "many-docs-cluster": lambda n: ("---\n" + config()) * n,
    "many-docs-kind": lambda n: each(n, lambda i: f"---\nkind: K{i}\n"),
    "empty-docs": lambda n: "---\n" * n + config(),
    "flow-list": lambda n: config(spec="  x: [" + "a," * n + "]\n"),
    "flow-lines": lambda n: config(spec="  x: [\n" + "a,\n" * n + "  ]\n"),
    "flow-map": lambda n: config(spec="  x: {" + each(n, lambda i: f"a{i}: 1, ") + "}\n"),
    "flow-maps-shape": lambda n: config(spec="  registry: {" + each(n, lambda i: f"a{i}: 1, ") + "}\n"),
    "flow-ports": lambda n: config(spec="  registry: {" + "registryMirrors: [], " * n + "}\n"),
    "same-addr": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.1.1, internalAddress: 10.1.1.1}}\n")
    ),
    "same-addr-block": lambda n: config(
        hosts=each(n, lambda i: f'  - name: s{i}\n    address: 10.1.1.1\n    internalAddress: "10.1.1.1,fd00::1"\n')
    ),
    "same-names": lambda n: config(hosts="  - {name: s, address: 10.1.1.1}\n" * n),
    "v6-addr": lambda n: config(
        hosts=each(n, lambda i: f'  - {{name: s{i}, address: "fd00::{i:x}", internalAddress: "fd00::{i:x}"}}\n')
    ),
    "many-addr": lambda n: config(
        hosts='  - {name: s, address: 10.1.1.1, internalAddress: "'
        + ",".join(f"10.1.{i // 250}.{i % 250}" for i in range(n))
        + '"}\n'
    ),
    "odd-addr": lambda n: config(hosts=each(n, lambda i: f"  - {{name: s{i}, address: zz{i}}}\n")),
    "all-cps": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.{i // 250}.{i % 250}}}\n"),
        groups="    master:\n" + each(n, lambda i: f"    - s{i}\n"),
    ),
    "all-cps-same": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.1.1}}\n"),
        groups="    master:\n" + each(n, lambda i: f"    - s{i}\n"),
    ),
    "all-cps-lb-addr": lambda n: config(
        hosts=each(n, lambda i: f'  - {{name: s{i}, address: "fd00::{i:x}"}}\n'),
        groups="    master:\n" + each(n, lambda i: f"    - s{i}\n"),
    ).replace('address: ""', "address: fd00::9999"),
    "all-etcd": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.{i // 250}.{i % 250}}}\n")
    ).replace("etcd: [m1]", "etcd: [" + ",".join(f"s{i}" for i in range(n)) + "]"),
    "unknown-members": lambda n: config(groups=each(n, lambda i: f"    - zz{i}\n")),
    "same-member": lambda n: config(groups="    - n1\n" * n),
    "many-groups": lambda n: config(groups=each(n, lambda i: f"    g{i}: [n1]\n")),
    "many-groups-known": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.1.1}}\n"),
        groups=each(n, lambda i: f"    g{i}: [s{i}]\n"),
    ),
    "bad-types": lambda n: config(hosts="  - {name: [], address: {}, port: x, timeout: y}\n" * n),
    "no-map-hosts": lambda n: config(hosts="  - \n" * n),
    "no-map-hosts2": lambda n: config(hosts="  - x\n" * n),
    "unknown-keys": lambda n: config(spec=each(n, lambda i: f"  kubernete{i}: 1\n")),
    "unknown-keys-far": lambda n: config(spec=each(n, lambda i: f"  zzqx{i}: 1\n")),
    "unknown-long-key": lambda n: config(spec="  k" + "ubernetes" * n + ": 1\n"),
    "secrets-flow": lambda n: config(hosts="  - {name: q, password: a" + each(n, lambda i: f",b{i}") + "}\n"),
    "bigint": lambda n: config().replace("port: 6443", "port: " + "9" * n),
    "bigint-neg": lambda n: config().replace("port: 6443", "port: -0x" + "f" * n),
    "bigint-us": lambda n: config().replace("port: 6443", "port: 9" + "_9" * n),
    "bigints": lambda n: config(kube="    maxPods: " + "9" * n + "\n"),
    "many-ints": lambda n: config(spec="  addons: [" + "9" * 300 + (", " + "9" * 300) * n + "]\n"),
    "range-digits": lambda n: config(groups="    - node[" + "0" * n + "1:" + "0" * n + "2]\n"),
    "range-brackets": lambda n: config(groups='    - "' + "[1:" * n + '"\n    - "' + "[1" * n + ':]"\n'),
    "tabs": lambda n: config(spec="  x:" + "\t" * n + "1\n"),
    "blanks": lambda n: config(spec="  x: 1" + " " * n + "\n"),
    "blank-lines": lambda n: config(spec="\n" * n),
    "empties": lambda n: config(spec=each(n, lambda i: f"  x{i}:\n")),
    "empties-q": lambda n: config(spec=each(n, lambda i: f"  ? x{i}\n")),
    "questions": lambda n: config(spec=each(n, lambda i: f"  ? x{i}\n  : 1\n")),
    "empties-comments": lambda n: config(spec="  x:" + " #c\n   " * n + "\n"),
    "empty-far": lambda n: config(spec="  x:" + "\n" * n + "  y:\n"),
    "key-colon-far": lambda n: config(spec="  {x" + "\n  " * n + ": 1}: 2\n"),
    "flow-empties": lambda n: config(spec="  x: {" + "a:, " * n + "}\n"),
    "flow-empties2": lambda n: config(spec="  x: {" + each(n, lambda i: f"a{i}, ") + "}\n"),
    "flow-empties3": lambda n: config(spec="  x: {" + each(n, lambda i: f"a{i} , \n #x\n") + "}\n"),
    "tags": lambda n: config(spec="  x: [" + "!!str a, " * n + "]\n"),
    "tags-blank": lambda n: config(spec="  x: [" + "!!str , " * n + "]\n"),
    "anch-blank": lambda n: config(spec="  x: [" + "&a " + "\n   " * n + "b]\n"),
    "anch-many-blank": lambda n: config(spec="  x: [" + "&a , " * n + "]\n"),
    "crlf": lambda n: config(spec="  x: 1\n" * n).replace("\n", "\r\n"),
    "bad-yaml-end": lambda n: config(spec=each(n, lambda i: f"  x{i}: 1\n") + "  y: [\n"),
    "bad-quote": lambda n: config(spec='  y: "a\n' + each(n, lambda i: f"  x{i}: 1\n")),
    "bad-quotes": lambda n: config(spec=each(n, lambda i: f'  x{i}: "1\n')),
    "bad-fullwidth": lambda n: config(spec="  x: " + "“" * n + "\n y: [\n"),
    "bad-fullwidth2": lambda n: config(spec="  x: " + "： a" * n + "\n y: [\n"),
    "bad-quote-pairs": lambda n: config(spec="  x: " + "'a' " * n + "\n y: [\n"),
    "rows-broken": lambda n: config(hosts='  - {name: s, address: 10.1.1.1}\n  - {name: "\\n"}\n' * n),
    "rows-half": lambda n: config(hosts="  - {" + "name: s, " * n + "\n"),
    "rows-half2": lambda n: config(spec="  x:\n" + ("  - a\n" * 7 + '  - "\\n"\n') * n),
    "rows-dash": lambda n: config(spec="  x:\n    - " + "- " * min(n, 90) + "a\n" + "    - " + "-" * n + "\n"),
    "rows-many": lambda n: config(hosts=("  - name: s\n" + "    k: v\n" * 20) * (n // 20 + 1)),
    "rows-nobreak": lambda n: config(
        hosts="  - name: s\n" + each(n, lambda i: f"    k{i}: v\n") + "    j: [\n    ]\n" + "  - a\n" * 40
    ),
    "rows-text-scalar": lambda n: config(spec="  x: |\n" + "    - a\n" * n),
    "rows-colons": lambda n: config(spec="  x:\n" + "  - a\n" * 40 + "  - " + "a:" * n + "\n"),
    "key-many-same-prefix": lambda n: config(spec="  registry:\n" + each(n, lambda i: f"    registryMirror{i}: x\n")),
    "networks": lambda n: config(
        spec='  network: {kubePodsCIDR: "'
        + ",".join(f"10.{i % 250}.0.0/16" for i in range(n))
        + '", kubeServiceCIDR: "'
        + ",".join(f"11.{i % 250}.0.0/16" for i in range(n))
        + '"}\n'
    ),
    "registries": lambda n: config(
        hosts=each(n, lambda i: f"  - {{name: s{i}, address: 10.1.1.1}}\n"),
        groups="    registry:\n" + each(n, lambda i: f"    - s{i}\n"),
    ),
    "addons-same": lambda n: config(spec="  addons:\n" + "  - {name: x, sources: {chart: {name: a}}}\n" * n),
    "apiserverargs": lambda n: config(
        kube="    apiserverCertExtraSans: [" + ",".join(f"a{i}" for i in range(n)) + "]\n"
    ),
    "controllerargs": lambda n: config(
        kube="    controllerManagerArgs: ["
        + ",".join(f"a{i}=b" for i in range(n))
        + "]\n    apiServerArgs: ["
        + ",".join(f"audit-log-path=b{i}" for i in range(n))
        + "]\n"
    ),
    "featuregates": lambda n: config(kube="    featureGates: {" + ",".join(f"a{i}: b" for i in range(n)) + "}\n"),
    "labels": lambda n: config(hosts="  - {name: a, labels: {" + ",".join(f"a{i}: b" for i in range(n)) + "}}\n"),
    "exclamation-marks": lambda n: config(spec="  x: a" + "!" * n + "\n"),
    "tags-in-text": lambda n: config(spec="  x: a" + "!!binar" * n + " !" * n + "\n"),
    "backslashes": lambda n: config(spec="  x: a" + "\\" * n + "\\u00" * n + "\n"),
    "line-folds": lambda n: config(spec='  x: "' + "a\\\n    " * n + '"\n'),
    "wide-folds": lambda n: config(spec='  x: "a\\\n' + " " * n + '"\n'),
    "same-spec": lambda n: (
        "a: &a {" + each(n, lambda i: f"k{i}: 1, ") + "}\n" + "kind: Cluster\n" + "spec: *a\n" * n + "x: kubekey\n"
    ),
    "masks": lambda n: config(spec="  x: " + "a=b " * n + "\n"),
    "url": lambda n: config(spec="  x: " + "a://b:c@d " * n + "\n"),
    "domain-case": lambda n: config().replace("lb.kubesphere.local", "LB-" * n),
    "il": lambda n: config(block="    internalLoadbalancer: " + "haproxy" * n + "\n"),
    "etcdtype": lambda n: config(spec="  etcd: {type: " + "x" * n + "}\n"),
    "dns": lambda n: config(
        spec='  dns: {dnsEtcHosts: "'
        + "172.16.0.2 lb.kubesphere.local\\n" * n
        + '", nodeEtcHosts: "'
        + "172.16.0.2 lb.kubesphere.local\\n" * n
        + '"}\n'
    ),
    "dns2": lambda n: config(
        spec="  dns:\n    dnsEtcHosts: |\n"
        + "      172.16.0.2 lb.kubesphere.local\n" * n
        + "    nodeEtcHosts: |\n"
        + "      172.16.0.2 lb.kubesphere.local\n" * n
    ),
}

# What is refused once it is more than any config has, with what the message says.
REFUSED: Mapping[str, tuple[Shape, str]] = {
    "ranges": (lambda n: config(groups="    - node[1:200]\n" * n), "roleGroups expand to"),
    "merges": (
        lambda n: (
            "m: &m {"
            + ", ".join(f"k{i}: 0" for i in range(n))
            + "}\n"
            + config(kube="    x:\n" + each(n, lambda i: f"    - {{<<: *m, a{i}: 1}}\n"))
        ),
        "merge keys",
    ),
    "merges-hosts": (
        lambda n: (
            "m: &m {"
            + ", ".join(f"k{i}: 0" for i in range(n))
            + "}\n"
            + config(hosts=each(n, lambda i: f"  - {{<<: *m, name: h{i}}}\n"))
        ),
        "merge keys",
    ),
    "merges-addons": (
        lambda n: (
            "m: &m {"
            + ", ".join(f"k{i}: 0" for i in range(n))
            + "}\n"
            + config(spec="  addons:\n" + each(n, lambda i: f"  - {{<<: *m, name: h{i}}}\n"))
        ),
        "merge keys",
    ),
    "merge-chain": (
        lambda n: (
            "m0: &m0 {a: 1}\n"
            + each(n, lambda i: f"m{i + 1}: &m{i + 1} {{<<: *m{i}, k{i}: 1}}\n")
            + config(spec=f"  registry: *m{n}\n")
        ),
        "merge keys",
    ),
    "merge-chain-all": (
        lambda n: (
            "m0: &m0 {a: 1}\n"
            + each(n, lambda i: f"m{i + 1}: &m{i + 1} {{<<: *m{i}, k{i}: 1}}\n")
            + config(spec="  addons:\n" + each(n, lambda i: f"  - *m{i}\n"))
        ),
        "merge keys",
    ),
    "merge-block": (
        lambda n: "m: &m {" + ", ".join(f"k{i}: 0" for i in range(n)) + "}\n" + config(block="    <<: *m\n"),
        "more than 100 keys",
    ),
    "alias-groups": (
        lambda n: (
            "a: &a ["
            + ", ".join(f"x{i}" for i in range(n))
            + "]\n"
            + config(groups=each(n, lambda i: f"    g{i}: *a\n"))
        ),
        "roleGroups expand to",
    ),
    "unknown-block": (lambda n: config(block=each(n, lambda i: f"    adress{i}: 1\n")), "more than 100 keys"),
    "unknown-block-flow": (
        lambda n: config().replace(
            """  controlPlaneEndpoint:
    domain: lb.kubesphere.local
    address: ""
    port: 6443
""",
            "  controlPlaneEndpoint: {" + each(n, lambda i: f"adress{i}: 1, ") + "}\n",
        ),
        "more than 100 keys",
    ),
}
