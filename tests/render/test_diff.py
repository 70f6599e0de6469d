"""The diff that a pipe gets can be fed to patch(1): whatever the line ends, with or without one at the end of the file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Kkplan

PLAIN = """apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: sample
spec:
  hosts:
  - {name: node1, address: 172.16.0.2, internalAddress: 172.16.0.2, user: ubuntu}
  - {name: node2, address: 172.16.0.3, internalAddress: 172.16.0.3, user: ubuntu}
  roleGroups:
    etcd: [node1]
    control-plane: [node1]
    worker: [node1, node2]
  controlPlaneEndpoint:
    domain: lb.kubesphere.local
    address: ""
    port: 6443"""

FORMS = {
    "a newline at the end": PLAIN.encode() + b"\n",
    "no newline at the end": PLAIN.encode(),
    "CRLF": PLAIN.encode().replace(b"\n", b"\r\n") + b"\r\n",
    "a byte order mark": b"\xef\xbb\xbf" + PLAIN.encode() + b"\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", [["--mode", "internal-haproxy"], ["--mode", "cloud-lb", "--address", "172.16.0.100"]])
def test_patch_makes_of_the_diff_what_apply_writes(kkplan: Kkplan, tmp_path: Path, form: str, way: list[str]) -> None:
    config = tmp_path / "config-sample.yaml"
    config.write_bytes(FORMS[form])
    shown = kkplan("plan", "config-sample.yaml", *way)
    assert shown.returncode == 0
    written = kkplan("apply", "-", *way, "--yes", "--output-dir", str(tmp_path / "elsewhere"), stdin=FORMS[form])
    assert written.stdout != FORMS[form]
    patched = subprocess.run(
        ["patch", "-p0", "--binary", "--quiet"], input=shown.stdout, cwd=tmp_path, capture_output=True, check=False
    )
    assert (patched.returncode, patched.stdout, patched.stderr) == (0, b"", b"")
    assert config.read_bytes() == written.stdout
