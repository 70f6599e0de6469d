"""A verification as text: its marks and its counts."""

from __future__ import annotations

import pytest

from kkplan.cluster.endpoint import Route
from kkplan.cluster.site import Site
from kkplan.locale import T, use_language
from kkplan.render.format import OutputOptions
from kkplan.render.verification.as_text import report_text, summary_text
from kkplan.verification.check import Observation, Outcome, Verified, checks

SITE = Site(Route.ADDRESS, "172.16.0.10", "lb.kubesphere.local", 6443, ())


def verified(*outcomes: Outcome) -> list[Verified]:
    seen = tuple(Observation(outcome, "172.16.0.10:6443", T("the port is closed")) for outcome in outcomes)
    return [Verified(checks()[0], seen)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_outcome_has_a_word(language: str) -> None:
    """No bare dash for what was not checked."""
    use_language(language)
    lines = report_text(verified(*Outcome), OutputOptions()).splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["ok", "warn", "FAIL", "skip"]


def test_all_places_are_counted() -> None:
    many = verified(Outcome.OK, Outcome.OK, Outcome.FAILED, Outcome.SKIPPED, Outcome.WARNING)
    assert summary_text(SITE, many, None, OutputOptions()).splitlines()[-1] == (
        "2 ok, 1 warnings, 1 errors, 1 skipped."
    )
    assert summary_text(SITE, verified(Outcome.OK), None, OutputOptions()).splitlines()[-1] == (
        "1 ok, 0 warnings, 0 errors."
    )
