"""Errors for a file that is not YAML: the wrong line and the cause."""

from __future__ import annotations

import pytest

from kkplan.document import DocumentError
from kkplan.document.parse import parse

HEAD = "kind: Cluster\nspec:\n  controlPlaneEndpoint:\n"
QUOTE = "the quote opened here is not closed"


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ('    domain: "lb\n    port: 6443\n', 4, QUOTE),
        ('    domain: "lb\n    address: ""\n', 4, QUOTE),
        ("    domain: 'lb\n    address: it's\n    port: 1\n", 4, QUOTE),
        ('    domain: "C:\\dir"\n', 4, "unknown escape after a backslash"),
        ('    domain: "你好，世界"\n    port: {a: 1\n', 5, "the { opened here"),
        ("    domain: 集群，一\n   port: 6443\n", 5, "the indentation does not match the lines above"),
        ("\t# a comment\n    domain: a\n", 4, "a tab in the indentation"),
        ("    # 端口：6443\n    domain: a: b\n", 5, "a second colon in the line"),
        ("    domain: @lb\n", 4, "a value starts with @"),
        ("    domain: `lb`\n", 4, "a value starts with @"),
        ("    port: 6443: x\n", 4, "a second colon in the line"),
        ("    domain: lb\n    port:6443\n    address: a\n", 5, "a key without a colon"),
        ("    domain: lb\nroot@master:~# ls\n    port: 1\n", 5, "a key without a colon"),
        ("    domain: {a: 1\n    port: 6443\n", 4, "the { opened here"),
        ("    domain: [a, b\n    port: 6443\n", 4, "the [ opened here"),
        ("    domain: lb\n   port: 6443\n", 5, "the indentation does not match the lines above"),
        ("    domain: lb\n      port: 6443\n", 5, "a key indented deeper than its neighbours"),
        ("    - a\n   - b\n", 5, "the indentation does not match"),
        ("    domain: lb\n\tport: 6443\n", 5, "a tab in the indentation"),
        ("    domain: lb\n    port：6443\n    address: a\n", 5, "full-width punctuation"),
        ("    domain: lb  # 端口：6443\n    port: 6443: x\n", 5, "a second colon in the line"),
        ("\u00a0    domain: lb\n    port: 6443\n", 4, "a no-break space (U+00A0)"),
        ("    domain: lb\n    port:\u30006443\n    address: a\n", 5, "an ideographic space (U+3000)"),
        (
            "    domain: lb\n    port:\u20096443\n    address: a\n",
            5,
            "a space character that YAML does not support (U+2009)",
        ),
        ("    domain: lb\u3000x\n    port:6443\n    address: a\n", 5, "a key without a colon"),
        ("    domain: *lb\n", 4, "an alias (*…) without an anchor"),
        ("    domain: [\n", 4, "the file ends before a [ or { is closed"),
        ("    domain: {\n\n", 4, "the file ends before a [ or { is closed"),
        ("    domain: ]\n", 4, "a bracket or a comma in place of a value"),
        ("    domain: , lb\n", 4, "a bracket or a comma in place of a value"),
        ("    domain: &\n", 4, "& or * without a name"),
        ("    domain: *\n", 4, "& or * without a name"),
        ("    domain: |lb\n", 4, "text right after | or >"),
        ("    domain: !e!lb x\n", 4, "a value that begins with ! is read as a tag"),
        ("    domain: - lb\n", 4, "a list item (-) on the line of its key"),
        ("--- 说明\nport: 1\n", 4, "text after ---"),
        ("    worker: [node[1:3]]\n", 4, "a value with brackets"),
        ("...\n[a] b\n", 5, "invalid YAML. Fix this line, or the one above it"),
    ],
)
def test_the_line_and_the_cause_are_told(lines: str, line: int, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse((HEAD + lines).encode(), "config.yaml")
    assert (caught.value.line, says in str(caught.value)) == (line, True), str(caught.value)


def test_nothing_of_the_file_is_quoted() -> None:
    with pytest.raises(DocumentError) as caught:
        parse(f"{HEAD}    password: %Canary@123\n    port: [Canary@123\n".encode(), "config.yaml")
    assert "Canary" not in str(caught.value)
