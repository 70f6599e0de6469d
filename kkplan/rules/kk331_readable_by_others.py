"""A file with passwords that group or others can read."""

from collections.abc import Iterable

from kkplan.document.node import Mapping, Node, Scalar, Sequence, name_of, resolve_alias
from kkplan.document.place import Place
from kkplan.document.scalar import is_null
from kkplan.locale import T, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule
from kkplan.plan.shell_path import shell_path
from kkplan.rules.subject import Subject

_SECRET_KEYS = frozenset(("password", "privatekey", "private_key_content"))  # of hosts, and of registries
_OTHERS = 0o044


def check(subject: Subject) -> Findings:
    for document, permissions in subject.files_on_disk:
        if permissions & _OTHERS and _holds_secret(document.roots):
            yield RULE.finding(
                T(
                    "the file contains passwords or keys, and other users can read it (mode {mode})",
                    mode=f"{permissions:04o}",
                ),
                T(
                    "Use the path of a key instead of passwords, or run: chmod 600 {file}",
                    file=named(shell_path(document.name)),
                ),
                at=Place(0, 0, 0, document.name),
            )


def _holds_secret(roots: Iterable[Node | None]) -> bool:
    waiting = [root for root in roots if root is not None]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            for entry in node.entries:
                value = resolve_alias(entry.value)
                if isinstance(value, Scalar):
                    is_given = bool(value.value) and not is_null(value)
                    if is_given and name_of(entry).casefold() in _SECRET_KEYS:
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
        "A config, or the inventory beside it, contains the root passwords of all machines in plain text. With the usual umask, every "
        "user on the machine and every backup of the home folder can read them."
    ),
    source="chmod(1); cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, HostCfg; pkg/connector/connector.go (v4.0.6)",
    bad="$ sed -i 's/privateKeyPath: .*}/password: example}/' config-sample.yaml\n$ chmod 644 config-sample.yaml",
    good="$ sed -i 's/privateKeyPath: .*}/password: example}/' config-sample.yaml\n$ chmod 600 config-sample.yaml",
    for_plans=False,
)
