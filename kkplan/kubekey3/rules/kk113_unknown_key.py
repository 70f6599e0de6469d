"""A key that KubeKey silently ignores."""

from kkplan.document.node import Mapping, Scalar
from kkplan.document.odd_space import odd_space
from kkplan.document.place import Place
from kkplan.document.replace import replace_value
from kkplan.kubekey3.config import Config
from kkplan.kubekey3.endpoint import endpoint_keys
from kkplan.kubekey3.shape import VERSIONS, cluster_shape
from kkplan.kubekey3.subject import Subject
from kkplan.kubekey3.typo_hints import entries_meant_as, fits, meant_key, mixes_load_balancer_and_address, near_key
from kkplan.locale import T, Text, named
from kkplan.plan.finding import Findings, Severity
from kkplan.plan.fix import Fix
from kkplan.plan.rule import Rule
from kkplan.schema.near import places_of
from kkplan.shown import HIDDEN, is_identifier


def check(subject: Subject) -> Findings:
    for key, place in subject.endpoint.unknown_keys:
        if odd_space(key):
            continue  # KK326 reports it
        guess = near_key(key)
        yield RULE.finding(
            T(
                "unknown key {key}: KubeKey silently ignores it",
                key=key if guess or (is_identifier(key) and not subject.endpoint.flow) else HIDDEN,
            ),
            _advice(key, guess),
            at=place,
            fix=_fix(subject.config, place),
        )


def _advice(key: str, guess: str) -> Text:
    if guess:
        return T("Did you mean {guess}?", guess=guess)
    # One or two levels up.
    elsewhere = [place for place in places_of(key, cluster_shape(VERSIONS[-1])) if place.count(".") < 2]
    if elsewhere:
        return T("It belongs in {places}. Check the indentation", places=named(", ".join(elsewhere)))
    return T("Known keys: {keys}", keys=", ".join(endpoint_keys()))


def _fix(config: Config, place: Place) -> Fix | None:
    """Rename the key to the known key that differs by one slip, if the value fits and nothing conflicts."""
    block = config.node_at("controlPlaneEndpoint")
    for entry in block.entries if isinstance(block, Mapping) else ():
        if config.document.place_of(entry.key) == place and isinstance(entry.key, Scalar):
            meant = meant_key(entry.key.value)
            if meant and not entry.key.anchor and fits(meant, entry.value) and not _speaks_against(config, meant):
                return Fix(pieces=replace_value(config.document, entry.key, meant))
    return None


def _speaks_against(config: Config, meant: str) -> bool:
    """Whether the known key already exists, or kk would install nothing with it."""
    is_part_of_mix = meant in ("internalLoadbalancer", "address") and mixes_load_balancer_and_address(config)
    return len(entries_meant_as(config, meant)) > 1 or is_part_of_mix


RULE = Rule(
    "KK113",
    Severity.WARNING,
    T("an unknown key in controlPlaneEndpoint"),
    check,
    why=T(
        "kk silently ignores unknown keys. A misspelled address is then an empty one, and the endpoint "
        "becomes the first control plane."
    ),
    source="run: KubeKey v3.1.12; cmd/kk/pkg/common/loader.go, Load (json.Unmarshal)",
    bad="""\
controlPlaneEndpoint:
  domian: k8s.example.com
  address: 172.16.0.100
""",
    good="""\
controlPlaneEndpoint:
  domain: k8s.example.com
  address: 172.16.0.100
""",
    fixable=True,
)
