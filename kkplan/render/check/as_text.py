"""A check as text: each finding with its line, underlined, as a compiler shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kkplan.document.place import Place
from kkplan.locale import T, Text, Verbatim
from kkplan.plan.finding import Finding, Severity
from kkplan.render.check import CheckFormat
from kkplan.render.format import OutputOptions
from kkplan.render.style import (
    BOLD,
    DIM,
    GREEN,
    RED,
    SEVERITY_COLOURS,
    SEVERITY_WORDS,
    YELLOW,
    painted,
    width_of,
    wrapped,
)
from kkplan.schema.mask import Masker
from kkplan.use.check_file import CheckedFile
from kkplan.visible import on_one_line, visible

# Of a long line, such as a whole cluster in flow style, only the part around the place is shown.
_SHOWN_WIDTH = 100
_LEAD = 30
_HANGING = 2  # spaces before the further lines of a message
_LONGEST_LINE = 500  # a longer one is masked again for each finding in it, which may be thousands: it is not shown


def check_text(files: Sequence[CheckedFile], options: OutputOptions) -> str:
    """Every finding with its line, and the counts."""
    parts = []
    for file in files:
        maskers = {name: Masker(document, file.shape_of) for name, document in file.documents.items()}
        parts += ["".join(_finding(file, finding, maskers, options)) for finding in file.findings]
    parts += ["".join(_fixed(file, options)) for file in files if file.fixed]
    return "\n".join([part for part in parts if part] + [_summary(files, options)])


def _finding(
    file: CheckedFile, finding: Finding, maskers: Mapping[str, Masker], options: OutputOptions
) -> Iterator[str]:
    colour = SEVERITY_COLOURS[finding.severity]
    label = f"{SEVERITY_WORDS[finding.severity]} {finding.id}"
    painted_label = painted(label, colour, BOLD, colour=options.colour)
    place = on_one_line(_place(file, finding))
    head = f"{painted(place, BOLD, colour=options.colour)} {painted_label}"
    yield _sentence(head, finding.message, options)
    if finding.place is not None and 0 < _line_length(file, finding.place) <= _LONGEST_LINE:
        yield from _snippet(maskers[finding.file], finding.place, colour, options)
    advice = str(finding.advice)
    if advice:
        yield wrapped(f"  = {advice}\n", options.width)
    if finding.fix is not None:
        note = wrapped(f"  = {T('kkplan check --fix fixes it')}\n", options.width)
        yield painted(note, DIM, colour=options.colour)


def _sentence(head: str, message: Text, options: OutputOptions) -> str:
    return wrapped(f"{T('{label}: {text}', label=Verbatim(head), text=message)}\n", options.width, _HANGING)


def _line_length(file: CheckedFile, place: Place) -> int:
    document = file.documents.get(place.file)
    if document is None or not place.line:
        return 0
    return document.offset_of_line(place.line) - document.offset_of_line(place.line - 1)


def _place(file: CheckedFile, finding: Finding) -> str:
    if finding.place is None or not finding.line:
        return f"{file.file_of(finding)}:"
    column = f":{finding.place.column}" if finding.place.column else ""
    return f"{file.file_of(finding)}:{finding.line}{column}:"


def _snippet(masker: Masker, place: Place, colour: str, options: OutputOptions) -> Iterator[str]:
    line, shown = masker.line_at(place)
    start, end = shown.column - 1, shown.end_column - 1
    first = max(0, start - _LEAD) if len(line) > _SHOWN_WIDTH else 0
    last = min(len(line), first + _SHOWN_WIDTH)
    before, marked = visible(line[first:start]), visible(line[start : min(end, last)])
    dots = "…" if first else ""
    gutter = str(place.line)
    # A tab stays a tab, so that both lines are aligned.
    blanks = "".join("\t" if char == "\t" else " " * width_of(char) for char in dots + before)
    rest = visible(line[min(end, last) : last]) + ("…" if last < len(line) else "")
    yield f"{painted(f'{gutter} |', DIM, colour=options.colour)} {dots}{before}{marked}{rest}\n"
    carets = painted("^" * max(1, width_of(marked)), colour, BOLD, colour=options.colour)
    yield f"{painted(' ' * len(gutter) + ' |', DIM, colour=options.colour)} {blanks}{carets}\n"


def _fixed(file: CheckedFile, options: OutputOptions) -> Iterator[str]:
    for finding in file.fixed:
        place, label = on_one_line(_place(file, finding)), str(T("fixed"))
        head = f"{place} {painted(label, GREEN, colour=options.colour)} {finding.id}"
        yield _sentence(head, finding.message, options)


def _summary(files: Sequence[CheckedFile], options: OutputOptions) -> str:
    counts = {severity: sum(file.count(severity) for file in files) for severity in Severity}
    text = T(
        "Files checked: {files}; errors: {errors}, warnings: {warnings}, hints: {notes}",
        files=len(files),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.INFO],
    )
    fixed, ignored = sum(len(file.fixed) for file in files), sum(file.ignored for file in files)
    fixable = sum(finding.fix is not None for file in files for finding in file.findings)
    more = [T("fixed: {count}", count=fixed)] * bool(fixed)
    more += [T("ignored by comments: {count}", count=ignored)] * bool(ignored)
    more += [T("fixable with --fix: {count}", count=fixable)] * bool(fixable)
    colour = RED if counts[Severity.ERROR] else YELLOW if counts[Severity.WARNING] else GREEN
    lines = wrapped(str(T("; ")).join(map(str, (text, *more))), options.width).split("\n")
    return "".join(painted(f"{line}\n", BOLD, colour, colour=options.colour) for line in lines)


FORMAT = CheckFormat("text", check_text)
