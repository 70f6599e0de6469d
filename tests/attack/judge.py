"""What must hold for every input there is: it is refused with a KkplanError, or edited in its block only and rightly.

PyYAML and ruamel.yaml read the result themselves; what kkplan says of its own work is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import yaml
from ruamel.yaml import YAML

from kkplan.cluster.survival import survival
from kkplan.disk.config_file import ConfigFile
from kkplan.document.change import change_document
from kkplan.document.edit import Edit
from kkplan.document.parse import Document, parse, scanner_with_tabs
from kkplan.errors import KkplanError
from kkplan.kubekey3.config import Config, locate
from kkplan.kubekey3.endpoint import ENDPOINT_PATH, endpoint_settings
from kkplan.kubekey3.keys import find
from kkplan.modes.mode import Mode, mode_named
from kkplan.modes.question import Answer
from kkplan.render.check import CheckFormat
from kkplan.render.cluster import ClusterFormat
from kkplan.render.format import OutputOptions, format_named
from kkplan.render.plan import PlanFormat
from kkplan.render.review.as_html import review_html
from kkplan.rules.selection import Selection
from kkplan.use.check_file import check_file
from kkplan.use.make_plan import Request, make_plan
from kkplan.use.read import read
from kkplan.use.review import Review
from kkplan.visible import visible
from tests.review.outline import Outline

Answers = Mapping[str, Answer]

_ANCHOR_WITH_COLON = re.compile(r"[&*][\w-]+:")
LOOK = OutputOptions(terminal=True)
WAYS: tuple[tuple[str, Answers], ...] = (
    ("internal-haproxy", {}),
    ("cloud-lb", {"address": "10.9.8.7"}),
    ("cloud-lb", {"address": "fd00::10", "port": "8443"}),
    ("cloud-lb", {"dns_name": "lb.example.com"}),
    ("keepalived", {"address": "10.9.8.7/24", "lb": ("lb1=10.9.8.1,nic=eth0", "lb2=10.9.8.2,nic=eth0")}),
)


def judge(data: bytes, way: tuple[str, Answers], *, whole: bool = False) -> str:
    """Plan the edit of these bytes and judge it: "refused", "kept" or "edited".

    Args:
        whole: make the files, the findings, the diff and the other reports too.

    Raises:
        AssertionError: a promise is broken.
        Exception: any other than KkplanError is a bug too.
    """
    mode, answers = mode_named(way[0]), way[1]
    try:
        config = locate(parse(data, "c.yaml"))
        edits, after = _planned(config, mode, answers)
        if whole:
            _told(data, mode, answers)
    except KkplanError as error:
        if "Please report this" in str(error):
            raise AssertionError(str(error)) from error
        return "refused"
    if not edits:
        assert after == data
        return "kept"
    _only_the_block_changed(config, data, after)
    again = locate(parse(after, "c.yaml"))
    assert _planned(again, mode, answers) == ((), after), "a second apply changes something"
    before_text, after_text = config.document.text, again.document.text
    for load in (_by_pyyaml, _by_ruamel):
        with suppress(RecursionError):  # a node that holds itself (&a {b: *a}) has no end to compare
            _reads_as_wanted(load, before_text, after_text, config.root_number, edits)
    return "edited"


def _planned(config: Config, mode: Mode, answers: Answers) -> tuple[tuple[Edit, ...], bytes]:
    wanted = mode.wanted(config.endpoint, answers)
    changed = change_document(config.document, [config.change(*endpoint_settings(config.endpoint, wanted))])
    return changed.edits, changed.data


def _told(data: bytes, mode: Mode, answers: Answers) -> None:
    """All that plan, check and show say of it."""
    file = ConfigFile("c.yaml", data)
    reading = read(file)
    plan = make_plan(reading, Request(mode, answers, output_dir="/nonexistent/kkplan-out"))
    for name in ("text", "json"):
        format_named(PlanFormat, name).plan(plan, LOOK)
    page = review_html(Review(plan, "ha.plan", "0" * 64, "0.1.0", reading, is_applied=False), datetime(2026, 11, 27))
    assert Outline(page).all_of("h1")
    assert visible(page) == page
    for name in ("text", "json", "sarif", "github"):
        format_named(CheckFormat, name).report([check_file(file, Selection())], LOOK)
    for name in ("text", "json", "mermaid"):
        cluster = reading.subject.cluster
        format_named(ClusterFormat, name).show(file.name, cluster, survival(cluster, reading.effective), LOOK)


def _only_the_block_changed(config: Config, before: bytes, after: bytes) -> None:
    """All that differs lies in the block; where there is none, nothing but one insertion was made."""
    document: Document = config.document
    limit = min(len(before), len(after))
    head = next((i for i in range(limit) if before[i] != after[i]), limit)
    tail = next((i for i in range(limit - head) if before[-1 - i] != after[-1 - i]), limit - head)
    entry = find(config.spec, ENDPOINT_PATH[-1])
    if entry is None:
        assert head + tail == len(before), "more than an insertion"
        return
    siblings = [other for other in config.spec.entries if other.key.start > entry.key.start]
    end = siblings[0].key.start if siblings else _end_of_document(config)
    start_byte = len(document.bom) + len(document.text[: entry.key.start].encode())
    end_byte = len(document.bom) + len(document.text[:end].encode())
    assert start_byte <= head, "a change above the block"
    assert len(before) - tail <= end_byte, "a change below the block"


def _end_of_document(config: Config) -> int:
    """Where the YAML document ends at the latest: the next one's top node, or the text's end."""
    starts = (root.start for root in config.document.roots[config.root_number + 1 :] if root is not None)
    return next(starts, len(config.document.text))


def _by_pyyaml(text: str) -> list[Any]:
    return list(yaml.compose_all(text, Loader=yaml.CSafeLoader))


def _by_ruamel(text: str) -> list[Any]:
    reader = YAML(typ="safe", pure=True)
    reader.Scanner = scanner_with_tabs()
    return list(reader.compose_all(text))


def _reads_as_wanted(load: Any, before: str, after: str, number: int, edits: tuple[Edit, ...]) -> None:
    """What that parser reads of the whole file, the edited keys left out, is what it read before."""
    if _ANCHOR_WITH_COLON.search(before):
        return  # to go-yaml and libyaml 0.2.5 an anchor ends before the colon, to these two behind it
    try:
        old = load(before)
    except Exception:
        return  # a parser that could not read the file before need not now
    new = load(after)
    assert len(old) == len(new)
    if before.count("*") > 10:
        return  # to unfold a bomb is what nobody should do
    wanted = {edit.path[-1].casefold(): edit.after for edit in edits}
    for position, (one, other) in enumerate(zip(old, new, strict=True)):
        left_out = set(wanted) if position == number else set()
        assert _shape(one, left_out) == _shape(other, left_out), "something else means something else"
    block = dict(_endpoint(new[number]))
    for key, value in wanted.items():
        _is_written(block.get(key), value)


def _is_written(node: Any, value: object) -> None:
    if value is None:
        assert node is None or node.value in ("", "~", "null"), "a key that is to be gone is there"
        return
    assert node is not None, "a wanted key is missing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    assert node.value == text, "a wanted value is another one"
    assert not isinstance(value, str) or str(node.tag).endswith(":str"), "a text is no text to this parser"


def _endpoint(root: Any) -> Iterator[tuple[str, Any]]:
    for name in ("spec", "controlplaneendpoint"):
        root = next((value for key, value in _pairs(root) if key.casefold() == name), None)
    return ((key.casefold(), value) for key, value in _pairs(root))


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    if node is not None and isinstance(node.value, list):
        for pair in node.value:
            if isinstance(pair, tuple):
                yield (pair[0].value if isinstance(pair[0].value, str) else ""), pair[1]


def _shape(node: Any, left_out: set[str], path: tuple[str, ...] = ()) -> Any:
    """A node as plain data; the keys that are left out, of the endpoint only, and an endpoint that is then empty."""
    if node is None or isinstance(node.value, str):
        return None if node is None else (str(node.tag), node.value)
    if (node.value and isinstance(node.value[0], tuple)) or str(node.tag).endswith(":map"):
        rows = []
        for key, value in node.value:
            name = key.value.casefold() if isinstance(key.value, str) else ""
            inner = (*path, name)
            if path == ("spec", "controlplaneendpoint") and name in left_out:
                continue
            shape = _shape(value, left_out, inner)
            if (
                left_out
                and inner == ("spec", "controlplaneendpoint")
                and (
                    shape[1] in ((), "", "~") or shape[1].lower() == "null"
                    if isinstance(shape[1], str)
                    else shape[1] == ()
                )
            ):
                continue
            rows.append((_shape(key, set()), shape))
        return (str(node.tag), tuple(rows))
    return (str(node.tag), tuple(_shape(item, left_out, (*path, "-")) for item in node.value))
