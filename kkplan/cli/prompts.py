"""Questions in a terminal, with questionary: Esc goes back, Ctrl-C and Ctrl-D end the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from kkplan.disk.signals import signals_held
from kkplan.errors import Interrupted
from kkplan.locale import T, Text
from kkplan.render.style import wrapped
from kkplan.shown import shown

if TYPE_CHECKING:
    from questionary import Question as Prompt

ESCAPE_SECONDS = 0.1  # how long prompt_toolkit waits whether Esc starts a key sequence


class Back:
    """The result of a question if the user goes back."""


BACK = Back()


def ask_select(message: Text, choices: Sequence[tuple[str, str]], default: str | None = None) -> str | Back:
    """Let the user choose; each choice is a value and its label."""
    import questionary

    shown = [questionary.Choice(title=title, value=value) for value, title in choices]
    # A question mark and a space come before it.
    prompt = questionary.select(
        wrapped(str(message), get_terminal_size().columns - 2),
        choices=shown,
        default=default,
        instruction=str(T("(arrows and Enter; Esc goes back)")),
    )
    answer: str | Back = _answer(prompt)
    return answer


def ask_text(message: Text, default: str, problem: Callable[[str], Text | None]) -> str | Back:
    """Ask for a line of text; a problem is shown at once."""
    import questionary

    def validate(text: str) -> bool | str:
        found = problem(text.strip())
        return True if found is None else str(found)

    prompt = questionary.text(
        wrapped(str(T("{question}:", question=message)), get_terminal_size().columns - 2),
        default=default if shown(default) == default else "",  # it comes from the file
        validate=validate,
        validate_while_typing=False,
    )
    _let_problems_wrap(prompt)
    answer = _answer(prompt)
    return answer if isinstance(answer, Back) else answer.strip()


def _let_problems_wrap(prompt: Prompt) -> None:
    """prompt_toolkit shows the problem on one line, and cuts off the rest."""
    from prompt_toolkit.filters import Always

    for window in prompt.application.layout.find_all_windows():
        if "ValidationToolbar" in getattr(getattr(window.content, "text", None), "__qualname__", ""):
            window.height = None
            window.wrap_lines = window.dont_extend_height = Always()


def ask_yes(message: Text, default: bool = False) -> bool:
    """A yes or a no; going back is a no."""
    answer = ask_yes_or_back(message, default)
    return answer is True


def ask_yes_or_back(message: Text, default: bool = False) -> bool | Back:
    """A yes, a no, or back."""
    import questionary

    instruction = T("(Y/n)") if default else T("(y/N)")
    answer: bool | Back = _answer(questionary.confirm(str(message), default=default, instruction=f"{instruction} "))
    return answer


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
