"""From the bytes of a file to its text; everything that is no UTF-8 text is refused with the way out."""

from __future__ import annotations

import codecs
import re

from kkplan.document import DocumentError
from kkplan.locale import T, named

MAX_BYTES = 32 * 1024 * 1024  # 20,000 hosts are 3 MiB

# Line ends to go-yaml (is_break), which editors do not show as such; most of them YAML 1.2 does not know.
_SEPARATOR = re.compile("[\x85\u2028\u2029]|\r(?!\n)")
_WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def refuse_large(data: bytes, name: str) -> None:
    """Make sure that a file read up to the limit was read to its end.

    Raises:
        DocumentError: it is larger.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            T(
                "the file has more than {limit} MiB, which no config has. Name the right file",
                limit=MAX_BYTES // 2**20,
            ),
            file=name,
        )


def decode(data: bytes, name: str) -> tuple[bytes, str]:
    """The byte order mark (b"" where there is none) and the text after it, line ends as they are.

    Raises:
        DocumentError: the file is empty, too large, binary, in another encoding than UTF-8, or has line ends that parsers dispute.
    """
    refuse_large(data, name)
    if data.startswith(_WIDE_BOMS):
        raise DocumentError(
            T("the file is UTF-16 or UTF-32, not UTF-8. Convert it: iconv -f UTF-16 -t UTF-8 FILE"),
            file=name,
        )
    if b"\0" in data:
        raise DocumentError(
            T("the file holds NUL bytes: it is binary or UTF-16, not a config. Name the right file"),
            file=name,
        )
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(
            T("not UTF-8 text; if it was saved on a Chinese Windows, convert it: iconv -f GB18030 -t UTF-8 FILE"),
            file=name,
            line=body.count(b"\n", 0, error.start) + 1,
        ) from None
    separator = _SEPARATOR.search(text)
    if separator:
        raise DocumentError(
            T(
                "a line separator (U+{code}), which some parsers take for the end of the line. Delete it",
                code=named(f"{ord(separator.group()):04X}"),
            ),
            file=name,
            line=text.count("\n", 0, separator.start()) + 1,
        )
    if not text.strip():
        raise DocumentError(T("the file is empty. Name the right file"), file=name)
    return bom, text
