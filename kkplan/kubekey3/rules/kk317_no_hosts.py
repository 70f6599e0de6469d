"""A spec without hosts or roleGroups, the cause of other errors about roles, and a similar key that may be meant."""

from kkplan.document.node import Mapping, Sequence, entries_with_merged, name_of, resolve_alias
from kkplan.kubekey3.keys import fold
from kkplan.kubekey3.shape import keys_at
from kkplan.kubekey3.subject import Subject
from kkplan.locale import T
from kkplan.nearest import CLOSE, nearest
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.rule import Rule

_WANTED = {"hosts": Sequence, "roleGroups": Mapping}


def check(subject: Subject) -> Findings:
    config = subject.config
    entries = entries_with_merged(config.spec)
    known = {fold(key) for key in keys_at("spec")}
    for key, kind in _WANTED.items():
        if config.entry_at(key) is not None:
            if key == "hosts" and not config.hosts:
                yield RULE.finding(
                    T("spec.{key} is empty: kk stops with an error", key=key),
                    T("List the machines under it"),
                    at=config.place_at(key),
                )
            continue
        meant = next(
            (
                one
                for one in entries
                if _may_be(name_of(one), key, known) and isinstance(resolve_alias(one.value), kind)
            ),
            None,
        )
        if meant is None:
            yield RULE.finding(
                T("spec has no {key}: kk stops with an error", key=key),
                T("Add {key} under spec", key=key),
                at=config.place_at(),
            )
        else:
            yield RULE.finding(
                T(
                    "spec has no {key}, but an unknown key {written}, which KubeKey ignores: kk stops with an error",
                    key=key,
                    written=name_of(meant),
                ),
                T("Write {key}", key=key),
                at=config.document.place_of(meant.key),
            )


def _may_be(name: str, key: str, known: set[str]) -> bool:
    return fold(name) not in known and nearest(name.replace("_", "").replace("-", ""), (key,), CLOSE) == key


RULE = Rule(
    "KK317",
    Severity.ERROR,
    T("a spec without hosts or roleGroups"),
    check,
    why=T(
        "kk silently ignores unknown keys. With a misspelled `hosts` the cluster has no machines, so every "
        "name in roleGroups is unknown. kk stops at the first one, with a message about the role group and "
        "not about the cause."
    ),
    source="cmd/kk/apis/kubekey/v1alpha2/cluster_types.go, GroupHosts, hostVerify; cmd/kk/pkg/common/loader.go, Load (json.Unmarshal)",
    bad="$ sed -i 's/  hosts:/  hostz:/' config-sample.yaml\n$ kkplan plan config-sample.yaml --mode internal-haproxy",
    good="$ kkplan plan config-sample.yaml --mode internal-haproxy",
)
