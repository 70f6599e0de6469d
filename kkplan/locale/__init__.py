"""The language of kkplan: texts are written in English and shown in English or Simplified Chinese.

A `Text` keeps its English template and its values apart, so a plan holds texts that JSON shows in English and a
terminal in the reader's language. The catalogue is `zh_CN/LC_MESSAGES/kkplan.po`, made by `make catalogue`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from kkplan.shown import shown, shown_node
from kkplan.visible import on_one_line

if TYPE_CHECKING:
    from gettext import GNUTranslations

DOMAIN = "kkplan"
LOCALE_DIR = Path(__file__).parent
LANGUAGES = ("en", "zh")

_translations: GNUTranslations | None = None  # English needs none
_language = "en"


def preferred_language(environ: Mapping[str, str]) -> str:
    """The language that LANGUAGE, LC_ALL, LC_MESSAGES and LANG ask for, in gettext's order: `en` or `zh`."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = environ.get(variable, "").split(":")[0].lower()
        if wanted:
            return "zh" if wanted.startswith("zh") else "en"
    return "en"


_LOCALE_NAME = re.compile(r"(?P<language>en|zh)(?:[-_][a-z0-9]+)*(?:\.[-a-z0-9]+)?", re.IGNORECASE)


def language_named(name: str) -> str | None:
    """The language of a locale's or language's name such as `zh`, `zh_CN.UTF-8`, `zh-Hans` or `en_US`: `en` or `zh`."""
    found = _LOCALE_NAME.fullmatch(name)
    return found["language"].lower() if found is not None else None


def use_language(language: str) -> None:
    """Switch to `en` or `zh`."""
    global _translations, _language
    _language = language
    locale_name = "zh_CN" if language == "zh" else "en"
    os.environ["LANGUAGE"] = locale_name
    _translations = None
    if locale_name != "en":
        from gettext import GNUTranslations

        with (LOCALE_DIR / locale_name / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
            _translations = GNUTranslations(file)


def current_language() -> str:
    """The current language: `en` or `zh`."""
    return _language


def translate(message: str) -> str:
    """The message in the current language; the message itself if it is not in the catalogue."""
    return message if _translations is None or not message else _translations.gettext(message)


def known_messages() -> tuple[str, ...]:
    """The English messages that the language in use has translations of; none for English."""
    # gettext has no public way to list them.
    return (
        () if _translations is None else tuple(key for key in vars(_translations)["_catalog"] if isinstance(key, str))
    )


class Text(NamedTuple):
    """A text for a person: an English template with `{name}` fields, and the values for them."""

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return translate(self.template).format(**{name: _shown(value) for name, value in self.values})

    @property
    def english(self) -> str:
        """The text in English whatever language is in use: for JSON and other formats that programs read."""
        return self.template.format(**{name: _english(value) for name, value in self.values})


class Verbatim(NamedTuple):
    """A text that is shown unchanged."""

    text: str

    def __str__(self) -> str:
        return self.text


def named(text: object) -> Verbatim:
    """A value that is not from a config, such as a file name or an error of the system: shown, on one line."""
    return Verbatim(on_one_line(str(text)))


class Listed(NamedTuple):
    """Texts that are shown unchanged, as a list in the reader's language."""

    texts: tuple[str, ...]

    def __str__(self) -> str:
        return str(T(", ")).join(self.texts)

    @property
    def english(self) -> str:
        return ", ".join(self.texts)


def listed(texts: Iterable[str]) -> Listed:
    """The names of kkplan's own options, commands and formats, as a list."""
    return Listed(tuple(texts))


def node_names(*names: str) -> Listed:
    """Names of hosts or LB servers, or entries of role groups: shown if they can be host names."""
    return Listed(tuple(map(shown_node, names)))


def _english(value: object) -> object:
    return value.english if isinstance(value, (Text, Listed)) else _shown(value)


def _shown(value: object) -> object:
    """A value of a file is quoted only in a known form, which `https://root:…@10.0.0.1` does not have."""
    if isinstance(value, str):
        return shown(value)
    return on_one_line(str(value)) if isinstance(value, (PurePath, Exception)) else value


def T(template: str, /, **values: object) -> Text:  # noqa: N802 - short, as gettext's own `_` is
    """A text to be translated when it is shown; `make catalogue` collects the templates by this name."""
    return Text(template, tuple(values.items()))


def translate_paragraphs(markdown: str) -> str:
    """A Markdown document in the current language, translated paragraph by paragraph; code and comments are not changed."""
    return "\n".join(translate(block) if is_prose(block) else block for block in paragraphs(markdown))


def is_prose(block: str) -> bool:
    """Whether a block of a Markdown document is for people."""
    return bool(block.strip()) and not block.startswith(("```", "<!--"))


def paragraphs(markdown: str) -> list[str]:
    """The blocks of a Markdown document (paragraphs, blank lines, fenced code); joined by newlines, they are the document."""
    blocks: list[list[str]] = []
    fenced = False
    previous_open = False
    for line in markdown.split("\n"):
        fence = line.startswith("```")
        if fenced:
            blocks[-1].append(line)
            fenced = not fence
            previous_open = False
        elif fence or not line.strip() or not previous_open:
            blocks.append([line])
            fenced = fence
            previous_open = bool(line.strip()) and not fence
        else:
            blocks[-1].append(line)
    return ["\n".join(block) for block in blocks]
