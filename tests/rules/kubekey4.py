"""A right pair of files of KubeKey 4, and what the rules find in a changed one."""

from __future__ import annotations

from kkplan.disk.config_file import ConfigFile
from kkplan.document.parse import parse
from kkplan.kubekey4 import DIALECT
from kkplan.kubekey4.loading import INVENTORY
from kkplan.plan.dialect import CONFIG
from kkplan.plan.finding import Finding
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_reading
from kkplan.use.read import Reading

CONFIG_TEXT = """\
apiVersion: kubekey.kubesphere.io/v1
kind: Config
spec:
  kubernetes:
    kube_version: v1.33.4
    control_plane_endpoint:
      type: haproxy
"""
INVENTORY_TEXT = """\
apiVersion: kubekey.kubesphere.io/v1
kind: Inventory
metadata:
  name: default
spec:
  hosts:
    cp1: {connector: {host: 10.0.0.11}, internal_ipv4: 10.0.0.11}
    cp2: {connector: {host: 10.0.0.12}, internal_ipv4: 10.0.0.12}
    cp3: {connector: {host: 10.0.0.13}, internal_ipv4: 10.0.0.13}
    w1: {connector: {host: 10.0.0.14}, internal_ipv4: 10.0.0.14}
    w2: {connector: {host: 10.0.0.15}, internal_ipv4: 10.0.0.15}
  groups:
    k8s_cluster: {groups: [kube_control_plane, kube_worker]}
    kube_control_plane: {hosts: [cp1, cp2, cp3]}
    kube_worker: {hosts: [w1, w2]}
    etcd: {hosts: [cp1, cp2, cp3]}
"""


def findings(config: str = CONFIG_TEXT, inventory: str | None = INVENTORY_TEXT) -> list[Finding]:
    """What is found in the pair; None: there is no inventory."""
    files = {CONFIG: ConfigFile("config.yaml", config.encode(), 0o600)}
    if inventory is not None:
        files[INVENTORY] = ConfigFile("inventory.yaml", inventory.encode(), 0o600)
    documents = {role: parse(file.data, file.name) for role, file in files.items()}
    return list(check_reading(Reading(DIALECT, files, documents, DIALECT.read(documents)), Selection()).findings)


def places(found: list[Finding]) -> list[tuple[str, str, int]]:
    """Each finding's rule, file and line."""
    return [(finding.id, finding.file, finding.line) for finding in found]


def in_block(text: str) -> str:
    """The config with these lines in place of the endpoint's type."""
    return CONFIG_TEXT.replace("type: haproxy\n", text.replace("\n", "\n      ").rstrip() + "\n")
