"""What of a config is shown: what the schema knows, in its form. Nothing else, wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kkplan.document.parse import parse
from kkplan.document.place import Place
from kkplan.kubekey3.shape import shape_of_document
from kkplan.schema.mask import Masker, lines_shown_by, masked_lines
from kkplan.shown import FORMS, MASK, has_form, shown

CANARY = "Zq9xSEKRIT7w"
HEAD = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: sample}\nspec:\n"


def masked(spec: str) -> str:
    """The lines of a Cluster below `spec`, as they are shown."""
    text = HEAD + "".join(f"  {line}" for line in spec.splitlines(keepends=True))
    lines = masked_lines(parse(text.encode(), "c.yaml"), shape_of_document)
    assert lines[:4] == HEAD.splitlines(keepends=True)
    assert len(lines) == text.count("\n")
    return "".join(line[2:] for line in lines[4:])


@pytest.mark.parametrize(
    "spec",
    [
        "hosts:\n- {name: master1, address: 172.16.0.4, internalAddress: '172.16.0.4,fd00::4', port: 22, user: root, arch: arm64}\n",
        "hosts:\n- name: node-1.example.com\n  address: node1\n  user: ubuntu\n  privateKeyPath: ~/.ssh/id_rsa\n  timeout: 30\n",
        'roleGroups:\n  etcd: [master1, "node[1:3]"]\n  control-plane:\n  - master1\n  mine: []\n',
        'controlPlaneEndpoint:\n  ## Internal loadbalancer for apiservers\n  # internalLoadbalancer: haproxy\n\n  domain: lb.kubesphere.local\n  address: ""\n  port: 6443\n',
        "kubernetes:\n  version: v1.26.5-k3s\n  clusterName: cluster.local\n  autoRenewCerts: true\n  containerManager: containerd\n",
        "network:\n  plugin: calico\n  kubePodsCIDR: 10.233.64.0/18,fd85::/108\n  ## multus support. https://github.com/k8snetworkplumbingwg/multus-cni\n  multusCNI:\n    enabled: false\n",
        "registry:\n  privateRegistry: dockerhub.kubekey.local:5000/library\n  registryMirrors: [https://mirror.example.com/v2]\n  auths: {dockerhub.kubekey.local: {skipTLSVerify: yes, certsPath: /etc/docker/certs.d}}\n",
        "system:\n  ntpServers: [time1.cloud.tencent.com, node1]\n  timezone: Asia/Shanghai\n",
        "addons: []\netcd:\n  type: kubekey\n  dataDir: /var/lib/etcd\n",
        "etcd: # kkplan: ignore KK127\n  type: kubekey\n",
        "controlPlaneEndpoint: {address: '', port: 6443} #\n",
        "# ----\nregistry:\n",
        "hosts:\n- &first {name: master1, port: 22}\n- {<<: *first, name: master2}\n",
        "kubernets:\nadress:\n",
        "hosts:\n- {name: K8sMaster01, port: 22}\nroleGroups:\n  etcd: [K8sMaster01, 'VM-0-3a-Ubuntu[1:3]']\n",
    ],
)
def test_what_the_schema_knows_is_shown(spec: str) -> None:
    assert masked(spec) == spec


@pytest.mark.parametrize(
    ("spec", "shown_as"),
    [
        (f'hosts:\n- {{name: a, password: "{CANARY}"}}\n', f"hosts:\n- {{name: a, password: {MASK}}}\n"),
        (f"hosts:\n- {{name: a, password: x,{CANARY}}}\n", f"hosts:\n- {{name: a, password: {MASK},{MASK}}}\n"),
        (f"hosts:\n- {{paasword: {CANARY}, name: b}}\n", f"hosts:\n- {{paasword: {MASK}, name: b}}\n"),
        (
            f"hosts:\n- privateKey: |  # {CANARY}\n    {CANARY}\n\n    b\n  port: 22\n",
            f"hosts:\n- privateKey: |  # {MASK}\n    {MASK}\n\n    {MASK}\n  port: 22\n",
        ),
        (f"{CANARY}: 1\n", f"{MASK}: {MASK}\n"),
        (f"密码: {CANARY}\n", f"{MASK}: {MASK}\n"),
        (f"tokn: {{{CANARY}: {CANARY}}}\n", f"tokn: {{{MASK}: {MASK}}}\n"),
        (f"hosts:\n- &{CANARY} {{name: a}}\n", f"hosts:\n- {MASK} {{name: a}}\n"),
        (f"registry: !{CANARY}\n", f"registry: {MASK}\n"),
        (f"controlPlaneEndpoint:\n  domain: a # {CANARY}\n", f"controlPlaneEndpoint:\n  domain: a # {MASK}\n"),
        (f"controlPlaneEndpoint:\n  # address: {CANARY}\n", f"controlPlaneEndpoint:\n  # {MASK}\n"),
        (f"# internalLoadbalancer: haproxy {CANARY}\n", f"# {MASK}\n"),
        ("kubernetes:\n  apiserverArgs: [--a, b]\n", f"kubernetes:\n  apiserverArgs: [{MASK}, {MASK}]\n"),
        (f"hosts:\n- name: &h {CANARY}\n  user: *h\n", f"hosts:\n- name: &h {MASK}\n  user: *h\n"),
        ("hosts:\n- user: &h root\n  password: *h\n", f"hosts:\n- user: &h {MASK}\n  password: *h\n"),
        ("dns: &d\n  dnsEtcHosts: a\nhosts:\n- <<: *d\n", f"dns: &d\n  dnsEtcHosts: {MASK}\nhosts:\n- <<: *d\n"),
        (f"? [{CANARY}]\n: 1\n", f"? [{MASK}]\n: {MASK}\n"),
        (f"kubernetes:\n  version: {CANARY}\n", f"kubernetes:\n  version: {MASK}\n"),
        (f"kubernetes:\n  audit:\n    {CANARY}\n", f"kubernetes:\n  audit:\n    {MASK}\n"),
    ],
)
def test_what_it_does_not_know_is_masked(spec: str, shown_as: str) -> None:
    assert masked(spec) == shown_as


@pytest.mark.parametrize(
    "text",
    [
        f"kind: Secret\nstringData: {{a: {CANARY}}}\n",
        f"kind: Cluster\n---\nkind: ClusterConfiguration\nspec: {{{CANARY}: 1}}\n# {CANARY}\n",
        f"%YAML 1.1\n---\na: {CANARY}\n",
        f"- {CANARY}\n",
        CANARY,
    ],
)
def test_nothing_of_another_document_is_known(text: str) -> None:
    assert CANARY not in "".join(masked_lines(parse(text.encode(), "c.yaml"), shape_of_document))


# Values that people and programs make of secrets.
LETTERS = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", min_size=2, max_size=12)
SECRETS = st.builds("{}9{}".format, LETTERS.map(str.upper), LETTERS)
SHAPES = st.sampled_from(
    [
        "{}",
        "ghp_{0}{0}",
        "$6$salt${}",
        "https://{}@h/",
        "https://u:{}@h/",
        "https://h/?sig={}",
        "https://h/{}",
        "eyJhbGciOiJIUzI1NiJ9.{0}.{0}",
        "--token={}",
        "-p {}",
        "{0}/{0}+{0}==",
        "u:{}@tcp(db)/x",
        "AKIA{}",
        "{{SHA}}{}",
        "-----BEGIN PRIVATE KEY-----{}",
        "{}\u202e",
        "密码{}",
    ]
)
KEYS = st.one_of(
    st.sampled_from(
        ["密码", "ｐａｓｓｗｏｒｄ", "пароль", "tls.key", "id_rsa", "certificateKey", "p", "passwrod", "rootpw", "name", "user", "address"]
    ),
    st.sampled_from(["version", "repo", "labels", "values", "privateRegistry", "domain", "port", "path", "endpoints", "token"]),
    st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable()),
)  # fmt: skip


def quoted(text: str) -> str:
    """The text as YAML in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def places(draw: st.DrawFn) -> tuple[str, str]:
    """A part of a spec with a secret somewhere, and the secret."""
    secret = draw(SECRETS)
    value, key = quoted(draw(SHAPES).format(secret)), quoted(draw(KEYS))
    section = draw(
        st.sampled_from(["hosts", "kubernetes", "registry", "network", "addons", "controlPlaneEndpoint", "dns", "x-a"])
    )
    return draw(
        st.sampled_from(
            [
                f"{section}: {{{key}: {value}}}\n",
                f"{section}:\n- {key}: {value}\n",
                f"{section}:\n  {key}:\n  - {value}\n",
                f"{section}: [{value}]\n",
                f"{section}: # {secret}\n",
                f"{section}: {{a: &x {value}, {key}: *x}}\n",
                f"{section}:\n  {key}: |\n    {secret}\n    more\n",
                f"{section}:\n  {key}: >-  # {secret}\n    {secret}\n",
                f"{section}: {{{key}: {{{value}: {value}}}}}\n",
                f"{section}: {{{value}}}\n",
                f"{section}:\n  ? {value}\n  : {value}\n",
                f"{key}: {value}\n",
                f"# {secret}\n{section}:\n",
                f"{section}:\n  {key}: {value} # {secret}\n",
            ]
        )
    ), secret


@settings(max_examples=500, deadline=None)
@given(places())
def test_no_secret_is_shown_wherever_it_stands(place: tuple[str, str]) -> None:
    spec, secret = place
    shown_as = masked(spec)
    assert secret not in shown_as
    assert MASK in shown_as


@settings(deadline=None)
@given(SECRETS, SHAPES)
def test_no_form_and_no_message_takes_a_secret(secret: str, shape: str) -> None:
    text = shape.format(secret)
    assert not any(has_form(text, form) for form in FORMS if form != "nodes")  # which is for hosts only
    assert secret not in shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "abcdef.0123456789abcdef",
        "name=abcdef.0123456789abcdef",
        "5f0c2a5e-7d0b-4b1e-9c60-0d5f2c1e8a77",
        "/etc/5f0c2a5e-7d0b-4b1e-9c60-0d5f2c1e8a77",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_what_programs_generate_has_no_form(text: str) -> None:
    assert not any(has_form(text, form) for form in FORMS if form != "nodes")
    assert shown(text) == MASK


@pytest.mark.parametrize(
    "comment", ["# address: hunter2", "# domain: lb.kubesphere.local", "# port: 6443", "# hunter2"]
)
def test_only_comments_of_kk_are_shown(comment: str) -> None:
    assert masked(f"{comment}\nhosts: []\n") == f"# {MASK}\nhosts: []\n"


@pytest.mark.parametrize(
    "text", [f"{'a.' * 200}!", "1, " * 9000 + "!", "/a" * 199 + "!", "a[1]" * 90 + "!", "a" * 50000]
)
def test_the_forms_take_linear_time(text: str) -> None:
    """A pattern that tries all ways would not come to an end here."""
    assert shown(text) == MASK


def test_lines_of_another_file_are_shown_where_kkplan_writes_them_too() -> None:
    known, theirs = "global\n    maxconn 8200\n", f"global\n    stats auth admin:{CANARY}\n    maxconn 8200"
    assert lines_shown_by(known, theirs) == ["global\n", f"{MASK}\n", "    maxconn 8200"]


@pytest.mark.parametrize(
    ("line", "part", "marked"),
    [
        ("{user: root, password: 123456, port: 22}", "123456", MASK),
        ("{user: root, password: abc,defg, port: 22}", "defg", MASK),
        ("{user: root, pasword: x, port: 22}", "port", "port"),
        ("{user: root, pasword: x, port: 22}", "pasword", "pasword"),
        ("{password: abc, user: root, port: 22}", "password: abc, user", f"password: {MASK}, user"),
    ],
)
def test_the_mask_is_the_place_of_what_it_hides(line: str, part: str, marked: str) -> None:
    """Not the whole line."""
    document = parse(f"kind: Cluster\nspec:\n  hosts:\n  - {line}\n".encode(), "c.yaml")
    column = 5 + line.index(part)
    shown_line, place = Masker(document, shape_of_document).line_at(Place(4, column, column + len(part), document.name))
    assert shown_line[place.column - 1 : place.end_column - 1] == marked


def test_the_width_tells_nothing() -> None:
    short, long = (masked(f"hosts:\n- password: {secret}\n") for secret in ("a", "a" * 99))
    assert short == long
