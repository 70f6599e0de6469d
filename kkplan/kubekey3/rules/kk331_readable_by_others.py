"""A file with passwords that other users can read."""

from __future__ import annotations

from collections.abc import Iterator

from kkplan.document.node import Mapping, Node, Scalar, Sequence, name_of
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T, named
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.rule import Rule
from kkplan.plan.shell_path import shell_path

_SECRET_KEYS = {"password", "privatekey"}  # of hosts, and of registry.auths
_OTHERS = 0o044


def check(subject: Subject) -> Iterator[Finding]:
    """Find permissions for group or others on a file that contains a secret."""
    config = subject.config
    if subject.permissions is None or not subject.permissions & _OTHERS:
        return
    if _holds_secret(config.root):
        yield RULE.finding(
            T(
                "the file contains passwords or keys, and other users can read it (mode {mode})",
                mode=f"{subject.permissions:04o}",
            ),
            T(
                "Use privateKeyPath instead of passwords, or run: chmod 600 {file}",
                file=named(shell_path(config.document.name)),
            ),
        )


def _holds_secret(root: Node) -> bool:
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            for entry in node.entries:
                if isinstance(entry.value, Scalar):
                    if name_of(entry).casefold() in _SECRET_KEYS and entry.value.value:
                        return True
                else:
                    waiting.append(entry.value)
    return False


RULE = Rule(
    "KK331",
    Severity.WARNING,
    T("a file with passwords that other users can read"),
    check,
    why=T(
        "A config contains the root passwords of all machines in plain text. With the usual umask, every "
        "user on the machine and every backup of the home folder can read them."
    ),
    source="chmod(1); cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, HostCfg",
    bad="$ sed -i 's/privateKeyPath: .*}/password: example}/' config-sample.yaml\n$ chmod 644 config-sample.yaml",
    good="$ sed -i 's/privateKeyPath: .*}/password: example}/' config-sample.yaml\n$ chmod 600 config-sample.yaml",
    for_plans=False,
)
