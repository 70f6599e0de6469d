"""`check FOLDER` lets nothing pass that could be a config and was not judged; other files of a repository stay out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kkplan.disk import DiskError
from kkplan.disk.config_search import configs_in
from kkplan.use.recognise import may_be_config
from tests.conftest import Kkplan

CONFIG = """\
apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: sample
spec:
  hosts: []
  roleGroups: {}
"""
KIND = "kind: Cluster\n"


def with_kind(written: str) -> str:
    return CONFIG.replace(KIND, f"{written}\n")


CONFIGS: dict[str, str | bytes] = {
    "plain": CONFIG,
    "anchor": with_kind("kind: &a Cluster"),
    "tag": with_kind("kind: !!str Cluster"),
    "tag written out": with_kind("kind: !<tag:yaml.org,2002:str> Cluster"),
    "tag of the key": with_kind("!!str kind: Cluster"),
    "anchor of the key": with_kind("&k kind: Cluster"),
    "escaped key": with_kind('"\\x6bind": Cluster'),
    "escaped value": with_kind('kind: "Cl\\u0075\\U00000073ter"'),
    "all escaped": CONFIG.replace(KIND, '"\\x6bin\\x64": "\\x43luster"\n')
    .replace("kubekey.kubesphere.io/v1alpha2", '"k\\u0075be\\x6bey.kubesphere.io/v1"')
    .replace("roleGroups", '"role\\x47roups"'),
    "broken over lines": with_kind('kind: "Clus\\\n  ter"').replace("roleGroups", '"role\\\n    Groups"'),
    "quoted": with_kind("'kind' : 'Cluster'"),
    "question mark": with_kind("? kind\n: Cluster"),
    "block scalar": with_kind("kind: |-\n  Cluster"),
    "folded scalar": with_kind("kind: >-\n\n  Cluster\n"),
    "next line": with_kind("kind:\n  Cluster"),
    "comment between": with_kind("kind: # of what\n  Cluster # this"),
    "lower case": with_kind("kind: cluster"),
    "capital key": with_kind("Kind: Cluster"),
    "Kelvin sign": CONFIG.replace("apiVersion: kubekey.kubesphere.io/v1alpha2\n", "").replace(
        "roleGroups", "roleGroup\u017f"
    ),
    "binary": with_kind("kind: !!binary Q2x1c3Rlcg=="),
    "tag directive": "%TAG !e! tag:yaml.org,2002:bin\n---\n"
    + with_kind("kind: !e!ary Q2x1c3Rlcg==").replace("kubekey", "x"),
    "binary version": CONFIG.replace("kubekey.kubesphere.io/v1alpha2", "!!binary a3ViZWtleS8x").replace(
        "roleGroups", "x"
    ),
    "alias": "x: &x Cluster\n" + with_kind("kind: *x"),
    "alias as key": "x: &x kind\n" + with_kind("*x : Cluster"),
    "merged": "x: &x {kind: Cluster, apiVersion: kubekey.kubesphere.io/v1alpha2}\n<<: *x\nspec: {hosts: []}\n",
    "kind twice": with_kind("kind: Manifest\nkind: Cluster"),
    "no version": CONFIG.replace("apiVersion: kubekey.kubesphere.io/v1alpha2\n", ""),
    "flow": '{"apiVersion": "kubekey.kubesphere.io/v1alpha2", "kind": "Cluster"}',
    "JSON escapes": '{"apiVersion": "kubekey.kubesphere.io\\/v1alpha2", "kind": "Cluste\\u0072"}',
    "last document": "---\na: 1\n" * 300 + "---\n" + CONFIG,
    "below a long comment": f"# {'x' * (3 << 20)}\n{CONFIG}",
    "broken": CONFIG + "x: [\n",
    "nested too deep": CONFIG + f"x: {'[' * 200}",
    "template": CONFIG + "{{- if .Values.x }}\n",
    "CRLF": CONFIG.replace("\n", "\r\n"),
    "old Mac": CONFIG.replace("\n", "\r"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + CONFIG.encode(),
    "UTF-16": CONFIG.encode("utf-16"),
    "UTF-16 without a mark": CONFIG.encode("utf-16-be"),
    "UTF-32": CONFIG.encode("utf-32"),
    "GB18030": f"# 集群\n{CONFIG}".encode("gb18030"),
    "NUL at the end": CONFIG.encode() + b"\0",
}
OTHERS = {
    "empty": "",
    "ConfigMap": "kind: ConfigMap\ndata:\n  x: |\n    kind: Cluster\n    apiVersion: kubekey.kubesphere.io/v1alpha2\n",
    "cluster API": "apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nspec: {}\n",
    "k0sctl": "apiVersion: k0sctl.k0sproject.io/v1beta1\nkind: Cluster\nspec:\n  hosts: []\n",
    "manifest": "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Manifest\nspec: {arches: []}\n",
    "KubeKey 4": "apiVersion: kubekey.kubesphere.io/v1\nkind: Inventory\nspec: {hosts: {}}\n",
    "Helm": "{{- if .Values.x }}\nkind: ClusterRole\n{{ end }}\n",
    "Ansible": '- hosts: all\n  vars: {x: "{{ kubekey_version }}"}\n',
    "vault": "a: !vault |\n  $ANSIBLE_VAULT\n",
    "CloudFormation": 'A: !Sub "${x}%"\nB: !GetAtt x.y\n',
    "workflow": "on: push\njobs: {a: {steps: [{run: 'kk create cluster --with-kubesphere # kubekey, any kind'}]}}\n",
    "JSON": '{"a": "\\u0041\\n", "kind": "x"}',
    "broken JSON": "{,}",
    "no kind": with_kind("# nothing"),
    "no text": "\x00\x01",
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_is_seen_however_it_is_written(name: str) -> None:
    data = CONFIGS[name]
    assert may_be_config(data if isinstance(data, bytes) else data.encode(), name)


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_no_configs(name: str) -> None:
    assert not may_be_config(OTHERS[name].encode(), name)


@pytest.mark.parametrize("name", ["a.yaml", "a.YAML", "a.yml", "a.YmL", "a.json", "a.Json", "a b\n.yaml"])
def test_any_suffix_of_yaml_and_json(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(CONFIG)
    assert list(configs_in(tmp_path, may_be_config)) == [tmp_path / name]


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    for path in (folder, elsewhere):
        path.mkdir()
        (path / "c.yaml").write_text(CONFIG)
    (folder / "link.yaml").symlink_to("c.yaml")
    (folder / "out").symlink_to(elsewhere)
    (folder / "again").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(folder)
    (folder / "nowhere.yaml").symlink_to("absent")
    (folder / "gone").symlink_to("gone")
    found = [
        str(one.relative_to(folder)) if isinstance(one, Path) else one.file for one in configs_in(folder, may_be_config)
    ]
    assert found == ["c.yaml", f"{folder}/gone", "link.yaml", "nowhere.yaml", "again/c.yaml"]


def test_what_cannot_be_read_is_said(kkplan: Kkplan, tmp_path: Path) -> None:
    """A pipe, a socket, a link to nothing, a file above the limit, a folder with such a name and none of it blocks."""
    folder = tmp_path / "folder"
    (folder / "d.yaml").mkdir(parents=True)
    os.mkfifo(folder / "pipe.yaml")
    (folder / "nowhere.json").symlink_to("gone")
    (folder / "large.yml").touch()
    os.truncate(folder / "large.yml", 40 << 30)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.YAML"))
        done = kkplan("check", "folder")
    said = done.stdout.decode()
    assert done.returncode == 1
    assert "errors: 4" in said
    for name in ("pipe.yaml", "nowhere.json", "large.yml", "s.YAML"):
        assert f"folder/{name}: error KK001" in said
    assert b"bug" not in done.stderr


def test_a_folder_that_cannot_be_searched_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "c.yaml").write_text(CONFIG)
    real = os.listdir
    refused = {str(tmp_path / "inner")}

    def listdir(path: Path) -> list[str]:
        if str(path) in refused:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    found = list(configs_in(tmp_path, may_be_config))
    assert found[0] == tmp_path / "c.yaml"
    assert isinstance(found[1], DiskError)
    assert found[1].file == str(tmp_path / "inner")


def test_a_folder_without_a_config_is_said(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(OTHERS["k0sctl"])
    done = kkplan("check", ".")
    assert (done.returncode, b"no KubeKey config in this folder" in done.stderr) == (1, True)
