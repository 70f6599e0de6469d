"""A review as one HTML page for a change ticket: no script is needed, nothing is loaded, and it prints on A4."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from string import Template

from kkplan import __version__
from kkplan.cluster.endpoint import EffectiveEndpoint
from kkplan.locale import T, Text, current_language, named
from kkplan.plan.finding import Finding, Severity
from kkplan.plan.plan import FileAction, Plan
from kkplan.plan.shell_path import shell_path
from kkplan.render.html import Child, Markup, element, html_of
from kkplan.render.plan.as_text import ACTION_WORDS, plan_summary, sorted_findings
from kkplan.render.plan.diffs import config_diff
from kkplan.render.review.evidence import rehearsal_section, verification_section
from kkplan.render.review.markdown import markdown_html
from kkplan.render.review.parts import code_block, facts, pill, section, table
from kkplan.render.style import SEVERITY_WORDS
from kkplan.render.topology.svg_drawing import NARROW, Drawing, svg_drawing
from kkplan.rules.catalogue import rule_named
from kkplan.shown import shown, shown_data
from kkplan.use.next_steps import REHEARSE, Step, steps_to_install
from kkplan.use.review import Review

RUNBOOK = "README.md"
_TEMPLATES = files(__package__) / "templates"
_LANGUAGES = {"en": "en", "zh": "zh-CN"}
_SEVERITY_KINDS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: ""}


def review_html(review: Review, now: datetime) -> str:
    """The page, in the language in use."""
    style, script = _template("page.css"), _template("page.js")
    return Template(_template("page.html")).substitute(
        language=_LANGUAGES[current_language()],
        title=html_of(_title(review.plan)),
        style=style,
        style_hash=_csp_hash(style),
        script=script,
        script_hash=_csp_hash(script),
        body=element("main", list(_parts(review, now))).html,
    )


def is_review(data: bytes) -> bool:
    """Whether a file is a page of kkplan's, which may be replaced."""
    start = _template("page.html").partition("\n<html")[0]
    return data.startswith(start.encode())


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    """As a Content-Security-Policy names an element's text (W3C, Content Security Policy Level 3, 6.7.3)."""
    return b64encode(sha256(text.encode()).digest()).decode()


def _title(plan: Plan) -> Text:
    if plan.cluster.name:
        return T("High availability of the control plane: cluster {name}", name=plan.cluster.name)
    return T("High availability of the control plane")


def _parts(review: Review, now: datetime) -> Iterator[Child]:
    plan = review.plan
    yield _header(review, now)
    yield _endpoint(plan)
    yield _changes(review)
    yield _findings(plan)
    if review.rehearsal is not None:
        yield rehearsal_section(review.rehearsal)
    if review.verification is not None:
        yield verification_section(review.verification)
    yield _files(plan)
    yield _carrying_out(review)
    yield _digests(review)
    yield _approval()
    yield _runbook(plan)
    yield _contents(plan)
    made = T("Made by kkplan {version}. The page holds no password or key of the config.", version=__version__)
    yield element("footer", made)


def _header(review: Review, now: datetime) -> Markup:
    plan = review.plan
    state = T("applied: the config is as planned") if review.is_applied else T("not applied yet")
    return element(
        "header",
        element("p", T("Change review"), class_="kind"),
        element("h1", _title(plan)),
        element("p", plan_summary(plan), class_="lead"),
        facts(
            (T("Config"), T("{text}", text=named(", ".join(config.name for config in plan.configs)))),
            (T("HA mode"), T("{text}", text=plan.mode)),
            (T("Saved plan"), T("{file}, by kkplan {version}", file=named(review.file), version=named(review.made_by))),
            (T("State"), state),
            (T("Page made"), T("{text}", text=named(now.astimezone().isoformat(" ", "minutes")))),
        ),
    )


def _endpoint(plan: Plan) -> Markup:
    paths = (plan.path_before, T("Request path, today")), (plan.path_after, T("Request path, planned"))
    width = max((drawing.width for path in paths if (drawing := svg_drawing(*path)) is not None), default=0)
    before, after = (svg_drawing(*path, width) for path in paths)
    cards = (
        _endpoint_card(T("Today"), plan.effective_before, before),
        _endpoint_card(T("Planned"), plan.effective_after, after),
    )
    notes = [element("li", note) for note in (*plan.effective_after.weak_points, *plan.effective_after.notes)]
    return section(
        T("Effective endpoint"),
        element(
            "p", T("How kubelets reach an API server in the cluster that kk sets up from the config."), class_="soft"
        ),
        element("div", cards, class_="pair wide" if width > NARROW else "pair"),
        [element("h3", T("What the config does not tell")), element("ul", notes)] if notes else None,
    )


def _endpoint_card(title: Text, effective: EffectiveEndpoint, drawing: Drawing | None) -> Markup:
    survives = (
        pill(T("survives the loss of a control plane"), "good")
        if effective.survives
        else pill(T("does not survive the loss of a control plane"), "bad")
    )
    return element(
        "article",
        element("h3", element("span", title), survives),
        element("p", effective.summary),
        element("div", drawing.svg, class_="drawing")
        if drawing is not None
        else element("p", T("No request path: kk installs nothing.")),
        class_="card",
    )


def _changes(review: Review) -> Markup:
    plan = review.plan
    if not plan.edits:
        return section(T("Changes to the config"), element("p", T("None: the config stays as it is.")))
    rows = [
        (
            element("code", _breakable(shown(".".join(edit.path)))),
            str(edit.line),
            element("code", _value(edit.before)),
            element("code", _value(edit.after)),
        )
        for edit in plan.edits
    ]
    diffs = [config_diff(config) for config in plan.configs]
    lines = [_diff_line(line) for diff, _ in diffs for line in diff]
    masked = any(count for _, count in diffs)
    return section(
        T("Changes to the config"),
        element("p", T("Only these keys change; every other byte of the file stays as it is.")),
        table((T("Key"), T("Line"), T("Today"), T("Planned")), rows),
        element("pre", element("code", lines), class_="diff"),
        element("p", T("Eight asterisks stand for values and comments that are not shown."), class_="soft")
        if masked
        else None,
    )


def _breakable(path: str) -> Iterator[Child]:
    """The path of a key, which may go on in the next line after a dot."""
    first, *others = path.split(".")
    yield first
    for part in others:
        yield ".", element("wbr"), part


def _value(value: object) -> Child:
    if value is None:
        return "–"
    return f'"{shown_data(value)}"' if isinstance(value, str) else str(value)


def _diff_line(line: str) -> Markup:
    is_head = line.startswith(("---", "+++", "@@", "\\"))
    kind = "meta" if is_head else {"+": "add", "-": "del"}.get(line[:1])
    return element("span", line.rstrip("\r\n") or " ", class_=kind)


def _findings(plan: Plan) -> Markup:
    found = sorted_findings(plan)
    if not found:
        return section(T("Findings"), element("p", T("None.")))
    return section(T("Findings"), [_finding(finding) for finding in found])


def _finding(finding: Finding) -> Markup:
    mark = (
        pill(T("fixed by this plan"), "good")
        if finding.fixed
        else pill(SEVERITY_WORDS[finding.severity], _SEVERITY_KINDS[finding.severity])
    )
    rule = rule_named(finding.id)
    place = f"{finding.file}:{finding.line}" if finding.line else ""
    return element(
        "article",
        element("h3", mark, element("span", finding.id, " ", rule.title)),
        element("p", element("span", place, ": ", class_="soft mono") if place else None, finding.message),
        None if finding.fixed else element("p", T("What to do: {advice}", advice=finding.advice)),
        element("p", T("Why: {why}", why=rule.why), class_="why"),
        class_="finding",
    )


def _files(plan: Plan) -> Markup | None:
    if not plan.files:
        return None
    rows = [
        (
            element("code", file.artifact.path),
            pill(ACTION_WORDS[file.action][1], "warn" if file.action is FileAction.OVERWRITE else ""),
            f"{file.artifact.mode:04o}",
            str(file.artifact.content.count("\n")),
            element("code", sha256(file.artifact.content.encode()).hexdigest(), class_="digest"),
        )
        for file in plan.files
    ]
    return section(
        T("Files"),
        element(
            "p", T("They go to {folder}. Their contents are at the end of this page.", folder=named(plan.output_dir))
        ),
        table((T("File"), T("What happens"), T("Permissions"), T("Lines"), "SHA-256"), rows),
    )


def _carrying_out(review: Review) -> Markup:
    plan, name = review.plan, shell_path(review.file)
    back = f"kkplan restore {shell_path(plan.config.name)}"
    apply = T("Apply the plan; kkplan shows it again, asks, and keeps a backup of the config")
    steps = [
        *(Step(REHEARSE, f"kkplan rehearse {name}"),) * bool(plan.lb_hosts),
        Step(apply, f"kkplan apply {name}"),
        *steps_to_install(plan, review.reading, review.file, "kkplan"),
    ]
    return section(
        T("Carrying it out"),
        element("ol", [element("li", _step(step)) for step in steps]),
        element("h3", T("Going back")),
        element("p", T("Restores the config from its backup, after showing the difference and asking.")),
        code_block(back),
    )


def _step(step: Step) -> list[Child]:
    return [T("{question}:", question=step.title), code_block(step.command)] if step.command else [step.title]


def _digests(review: Review) -> Markup:
    plan = review.plan
    rows = [
        (T("Config today"), plan.config.name, plan.config.before.sha256),
        (T("Config planned"), plan.config.name, sha256(plan.config.after).hexdigest()),
        *((T("Read with the config"), one.name, one.before.sha256) for one in plan.configs[1:]),
        (T("Saved plan"), review.file, review.sha256),
    ]
    for title, evidence in ((T("Rehearsal"), review.rehearsal), (T("Verification"), review.verification)):
        if evidence is not None:
            rows.append((title, evidence.name, evidence.sha256))
    return section(
        T("Digests"),
        element("p", T("kkplan apply refuses the plan if one of these files has changed."), class_="soft"),
        table(
            (T("What"), T("File"), "SHA-256"),
            [(what, element("code", file), element("code", digest, class_="digest")) for what, file, digest in rows],
        ),
    )


def _approval() -> Markup:
    square = element("span", class_="square")
    decisions = [T("approved"), T("approved with remarks"), T("rejected")]
    return element(
        "section",
        element("h2", T("Approval"), id="approval"),
        element("p", T("I have read the changes, the findings and the way back."), class_="soft"),
        element("ul", [element("li", square, decision) for decision in decisions]),
        element("div", T("Remarks"), class_="remarks"),
        element(
            "div", [element("span", label) for label in (T("Approver"), T("Date"), T("Signature"))], class_="lines"
        ),
        class_="approval",
        aria_labelledby="approval",
    )


def _runbook(plan: Plan) -> Markup | None:
    readme = next((file.artifact for file in plan.files if file.artifact.path == RUNBOOK), None)
    if readme is None:
        return None
    return element(
        "section",
        element("h2", T("Appendix: runbook")),
        element("div", list(markdown_html(readme.content, 3)), class_="runbook", lang=_LANGUAGES[plan.language]),
        class_="appendix",
    )


def _contents(plan: Plan) -> Markup | None:
    """Each file to read or copy; the same contents once."""
    kept = [file for file in plan.files if file.action is not FileAction.REMOVE and file.artifact.path != RUNBOOK]
    if not kept:
        return None
    first: dict[str, str] = {}
    parts = []
    for file in kept:
        path, content = file.artifact.path, file.artifact.content
        original = first.setdefault(content, path)
        about = T("{count} lines", count=content.count("\n"))
        parts.append(
            element("p", element("code", path), " ", T("is the same as {file}.", file=named(original)), class_="same")
            if original != path
            else element(
                "details",
                element("summary", element("code", path), element("span", about, class_="soft")),
                code_block(content.removesuffix("\n")),
                open=True,
            )
        )
    return element("section", element("h2", T("Appendix: files")), parts, class_="appendix")
