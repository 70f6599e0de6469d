"""`kkplan review`: one page for a change ticket, from a saved plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kkplan.cli.console import emit
from kkplan.disk.config_file import STDIN, mode_with_digests
from kkplan.disk.whole_file import write_whole
from kkplan.errors import UsageError
from kkplan.locale import T, named
from kkplan.use.review import make_review


def review(
    planfile: str,
    rehearsal: str | None = None,
    verification: str | None = None,
    page: str | None = None,
) -> None:
    """Write the page."""
    from kkplan.render.review.as_html import is_review, review_html

    if page is None:
        raise UsageError(T("--out is missing: the file to write, e.g. review.html"))
    if planfile == STDIN:
        raise UsageError(T("review reads a saved plan; it does not go with standard input"))
    made = make_review(planfile, rehearsal, verification)
    other = T("there is a file already that is no page of kkplan review; it was not touched. Choose another name")
    mode = mode_with_digests(made.reading.files.values())
    write_whole(Path(page), review_html(made, datetime.now()).encode(), is_review, other, mode)
    emit(f"{T('Written: {file}', file=named(page))}\n")
