"""The rehearsal and the verification of a review: what kkplan's own JSON reports say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kkplan.locale import T, Text, named
from kkplan.locale.english import in_language
from kkplan.rehearsal.scenario import scenarios
from kkplan.render.html import Child, Markup, element
from kkplan.render.review.parts import facts, pill, section, table
from kkplan.render.review.timeline import timeline
from kkplan.use.review import Evidence

Step = Mapping[str, Any]
_MILLISECONDS = re.compile(r"\.[0-9]+")

_STATUS = {
    "ok": (T("ok"), "good"),
    "degraded": (T("degraded"), "warn"),
    "over-limit": (T("over a limit"), "warn"),
    "failed": (T("failed"), "bad"),
}
_OUTCOMES = {
    "ok": (T("ok"), "good"),
    "warning": (T("warning"), "warn"),
    "failed": (T("failed"), "bad"),
    "skipped": (T("skipped"), ""),
}


def rehearsal_section(evidence: Evidence) -> Markup:
    """The walk, each scenario with its timeline."""
    data = evidence.data
    steps: Sequence[Step] = data["steps"]
    names = list(dict.fromkeys(step["scenario"] for step in steps if step["scenario"] != "start"))
    longest = max((step["watched"] for step in steps if step["part"] == "fault"), default=1.0)
    cards = [_scenario(name, [step for step in steps if step["scenario"] == name], longest) for name in names]
    legend = (
        ("answered", T("requests are answered")),
        ("unanswered", T("no answers")),
        ("held", T("the LB server holds the VIP")),
        ("fault", T("the failure, at 0 s")),
    )
    versions = data["versions"]
    return section(
        T("Rehearsal"),
        element("p", _verdict(data, len(names))),
        element(
            "p",
            T(
                "These very files, tried with the real HAProxy and Keepalived in network namespaces; API servers are stand-ins."
            ),
            class_="soft",
        ),
        facts(
            (T("Date"), _moment(data["began"])),
            ("HAProxy", versions["haproxy"] or "?"),
            ("Keepalived", versions["keepalived"] or "?"),
            (T("Kernel"), versions["kernel"]),
            ("kkplan", data["kkplan"]),
            (T("Files"), T("{count}, with the digests of this plan", count=len(data["files"]))),
        ),
        element("ul", [element("li", element("i", class_=kind), text) for kind, text in legend], class_="legend"),
        element("div", cards, class_="steps"),
        _problems(step for step in steps if step["part"] == "start"),
    )


def _verdict(data: Mapping[str, Any], count: int) -> tuple[Child, ...]:
    def steps(status: str) -> int:
        return sum(step["status"] == status for step in data["steps"])

    if not data["survived"]:
        mark = pill(T("failed"), "bad")
        text = T("The pair does not survive; steps that failed: {count}.", count=steps("failed"))
    elif not data["withinLimits"]:
        mark, over = pill(T("over a limit"), "warn"), steps("over-limit")
        text = T("The pair survives all {count} scenarios; steps over a limit: {over}.", count=count, over=over)
    elif data["degraded"]:
        mark = pill(T("degraded"), "warn")
        text = T(
            "All {count} scenarios passed; in some of them, LB servers held the VIP at once, and clients reached either.",
            count=count,
        )
    else:
        mark, text = pill(T("passed"), "good"), T("All {count} scenarios passed.", count=count)
    return mark, " ", text


def _scenario(name: str, steps: Sequence[Step], longest: float) -> Markup:
    """The worst of the runs."""
    faults = [step for step in steps if step["part"] == "fault"]
    repairs = [step for step in steps if step["part"] == "repair"]
    worst = max(faults, key=lambda step: (list(_STATUS).index(step["status"]), step["outage"]))
    status = max((step["status"] for step in steps), key=list(_STATUS).index)
    title: Child = next((known.title for known in scenarios() if known.name == name), worst["title"])
    runs = f" ×{len(faults)}" if len(faults) > 1 else ""
    word, kind = _STATUS[status]
    return element(
        "article",
        element("h3", element("span", title, runs), pill(word, kind)),
        element(
            "p",
            T(
                "{fault} {repair}",
                fault=_fault(worst),
                repair=_repair(max((step["failed"] for step in repairs), default=0)),
            ),
        ),
        _problems(steps),
        timeline(worst, longest, in_language(worst["title"])),
        class_="step",
    )


def _fault(step: Step) -> Text:
    if not step["outageEnded"]:
        return T("No request is answered any more.")
    if not step["failed"] and not step["cut"]:
        return T("No request failed; slowest answer {seconds:.2f} s.", seconds=step["slowestAnswer"])
    return T(
        "No answers for {seconds:.2f} s; failed {failed} of {count} requests{cut}.",
        seconds=step["outage"],
        failed=step["failed"],
        cut=T(" (and {cut} cut off)", cut=step["cut"]) if step["cut"] else "",
        count=step["requests"],
    )


def _repair(failed: int) -> Text:
    return T("At return: failed {failed}.", failed=failed) if failed else T("At return: none failed.")


def _problems(steps: Iterable[Step]) -> list[Markup]:
    return [element("p", in_language(problem), class_="bad") for step in steps for problem in step["problems"]]


def verification_section(evidence: Evidence) -> Markup:
    """What was seen on the real machines."""
    data = evidence.data
    rows = [
        (
            pill(*_OUTCOMES[seen["outcome"]]),
            element("code", seen["target"]),
            [
                in_language(seen["what"]),
                element("span", in_language(seen["advice"]), class_="advice soft") if seen["advice"] else None,
            ],
        )
        for check in data["checks"]
        for seen in check["seen"]
    ]
    counts = {
        key: sum(seen["outcome"] == key for check in data["checks"] for seen in check["seen"]) for key in _OUTCOMES
    }
    return section(
        T("Verification"),
        element(
            "p",
            pill(T("passed"), "good") if data["ok"] else pill(T("failed"), "bad"),
            " ",
            T(
                "{ok} ok, {warnings} warnings, {errors} errors, {skipped} skipped.",
                ok=counts["ok"],
                warnings=counts["warning"],
                errors=counts["failed"],
                skipped=counts["skipped"],
            ),
        ),
        element("p", T("What kkplan saw on the real machines, from outside."), class_="soft"),
        facts((T("Date"), _moment(data["ended"])), ("kkplan", data["kkplan"])),
        table((T("Result"), T("Where"), T("What was seen")), rows),
        _watch(data["watch"]) if data["watch"] is not None else None,
    )


def _watch(watch: Mapping[str, Any]) -> Iterator[Child]:
    yield element("h3", T("Watch"))
    yield element(
        "p",
        T(
            "{seconds:.0f} s from {began}: {probes} probes, {failed} failed; slowest answer {slowest:.2f} s.",
            seconds=watch["seconds"],
            began=_moment(watch["began"]),
            probes=watch["probes"],
            failed=watch["failed"],
            slowest=watch["answerSeconds"]["longest"],
        ),
    )
    rows = [
        (
            _moment(outage["from"]),
            _moment(outage["to"]) if outage["to"] else T("not ended"),
            str(T("{seconds:.2f} s", seconds=outage["seconds"])),
            str(outage["failed"]),
        )
        for outage in watch["outages"]
    ]
    if rows:
        yield table((T("Outage from"), T("To"), T("Length"), T("Failed probes")), rows)


def _moment(text: str) -> Text:
    """A date and time of a report, to the second."""
    return T("{text}", text=named(_MILLISECONDS.sub("", text.replace("T", " ", 1))))
