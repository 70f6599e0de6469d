"""Questions in a terminal, with questionary: Esc goes back, Ctrl-C and Ctrl-D end the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from kkplan.disk.signals import signals_held
from kkplan.errors import Interrupted
from kkplan.locale import T, Text, named
from kkplan.render.style import padded, width_of, wrapped
from kkplan.shown import shown

if TYPE_CHECKING:
    from questionary import Question as Prompt

_MARK = 2  # cells of the "? " before a question
_ROOM = 20  # cells for an answer on the question's line; an IPv4 address with its prefix has 18
_POINTER = 3  # cells before a choice
# What else may be typed for a letter.
_WORDS = {"y": ("yes", "是"), "n": ("no", "否"), "s": ("save", "保存")}
ESCAPE_SECONDS = 0.1  # how long prompt_toolkit waits whether Esc starts a key sequence


class Back:
    """The result of a question if the user goes back."""


BACK = Back()


def ask_select(message: Text, choices: Sequence[tuple[str, str, Text]], default: str | None = None) -> str | Back:
    """Let the user choose; each choice is a value, its name and a line about it."""
    import questionary

    first = max(width_of(name) for _, name, _ in choices) + 2
    labels = [f"{padded(name, first)}{about}" for _, name, about in choices]
    columns = _columns() - _POINTER
    prompt = questionary.select(
        _after_mark(message),
        choices=[
            questionary.Choice(title=wrapped(label, columns, first).replace("\n", "\n" + " " * _POINTER), value=value)
            for (value, _, _), label in zip(choices, labels, strict=True)
        ],
        default=default,
        instruction=str(T("(arrows and Enter; Esc goes back)")),
        erase_when_done=True,
    )
    answer: str | Back = _answer(prompt)
    if not isinstance(answer, Back):
        _show_answered(_after_mark(message), next(name for value, name, _ in choices if value == answer))
    return answer


def ask_text(message: Text, default: str, problem: Callable[[str], Text | None]) -> str | Back:
    """Ask for a line of text; a problem is shown at once, below the line."""
    return _ask_line(T("{question}:", question=message), default if shown(default) == default else "", problem)


def ask_yes(message: Text) -> bool:
    """A yes, typed and sent with Enter; all else, going back included, is a no."""
    return ask_yes_or_back(message) is True


def ask_yes_or_back(message: Text, *, default: bool = False) -> bool | Back:
    """A yes, a no, or back; Enter alone is the default."""
    question = T("{question} (Y/n)", question=message) if default else T("{question} (y/N)", question=message)
    answer = ask_letter(question, "yn", "y" if default else "n")
    return answer if isinstance(answer, Back) else answer == "y"


def ask_letter(question: Text, letters: str, default: str) -> str | Back:
    """One of the letters, sent with Enter; Enter alone is the default. The question names them."""

    def problem(text: str) -> Text | None:
        if text and _letter(text, letters) is None:
            return T("type one of {letters}, then press Enter", letters=named("/".join(letters)))
        return None

    answer = _ask_line(question, "", problem)
    return answer if isinstance(answer, Back) else (_letter(answer, letters) or default)


def _letter(text: str, letters: str) -> str | None:
    """The letter that a word stands for."""
    word = text.casefold()
    return next((letter for letter in letters if word == letter or word in _WORDS[letter]), None)


def _ask_line(question: Text, default: str, problem: Callable[[str], Text | None]) -> str | Back:
    import questionary

    def validate(text: str) -> bool | str:
        found = problem(text.strip())
        return True if found is None else wrapped(f"  {found}", _columns(), 2)

    shown_question = _after_mark(question)
    if width_of(shown_question.rpartition("\n")[2]) + _MARK + _ROOM > _columns():
        shown_question += "\n "  # a long answer would be cut in two; questionary adds a space
    prompt = questionary.text(
        shown_question,
        default=default,
        validate=validate,
        validate_while_typing=False,
        style=questionary.Style([("validation-toolbar", "fg:ansired bg:default")]),
    )
    _show_problems_below(prompt)
    answer = _answer(prompt)
    return answer if isinstance(answer, Back) else answer.strip()


def _show_problems_below(prompt: Prompt) -> None:
    """Show a problem whole and right below the line: prompt_toolkit cuts it to one line at the bottom of the screen."""
    from prompt_toolkit.filters import Always

    for window in prompt.application.layout.find_all_windows():
        window.dont_extend_height = Always()
        if "ValidationToolbar" in getattr(getattr(window.content, "text", None), "__qualname__", ""):
            window.height = None
            window.wrap_lines = Always()


def _show_answered(question: str, answer: str) -> None:
    """A question with its answer, as questionary leaves one."""
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText
    from questionary.constants import DEFAULT_STYLE

    line = [("class:qmark", "?"), ("class:question", f" {question} "), ("class:answer", answer)]
    print_formatted_text(FormattedText(line), style=DEFAULT_STYLE)


def _after_mark(question: Text) -> str:
    """The question, wrapped, as it fits after its mark."""
    return wrapped(f"{' ' * _MARK}{question}", _columns(), _MARK)[_MARK:]


def _columns() -> int:
    return get_terminal_size().columns - 1  # the cursor needs a cell too


def _answer(prompt: Prompt) -> Any:
    from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: Any) -> None:
        event.app.exit(result=BACK)

    @keys.add("c-d", eager=True)
    def _(event: Any) -> None:
        event.app.exit(exception=EOFError)

    @keys.add("<sigint>", eager=True)  # a signal from elsewhere; Ctrl-C is a key here
    def _(event: Any) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    application = prompt.application
    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    application.ttimeoutlen = ESCAPE_SECONDS

    def wake() -> None:
        if application.loop is not None:
            application.loop.call_soon_threadsafe(end_if_stopped)

    def end_if_stopped() -> None:
        try:
            stop()
        except Interrupted as error:
            if application.future is not None and not application.future.done():
                application.exit(exception=error)

    application.pre_run_callables.append(end_if_stopped)
    # An exception out of a signal handler would leave the terminal as prompt_toolkit has set it.
    with signals_held(when_one_comes=wake) as stop:
        try:
            answer = prompt.unsafe_ask()
        except (KeyboardInterrupt, EOFError):
            raise Interrupted(T("interrupted; nothing was written")) from None
        stop()
    return answer
