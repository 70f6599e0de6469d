"""The commands as a typer app, in the current language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import typer
import typer.core
from typer.core import TyperCommand, TyperGroup

from kkplan import __version__
from kkplan.cli.commands import HELP, command_named
from kkplan.cli.console import emit, is_interactive
from kkplan.cli.help import help_body
from kkplan.cli.options import with_options
from kkplan.errors import UsageError
from kkplan.locale import T, Text, listed, named, translate
from kkplan.nearest import nearest

# typer asks gettext, which looks for catalogues in the system's folder.
vars(typer.core)["_"] = translate

# typer does not export click's UsageError, only a subclass.
_ClickUsageError = typer.BadParameter.__mro__[1]


class _Translated:
    """Translates what click writes in English only."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        # typer puts a required argument in braces, and leaves "[OPTIONS]" in English.
        words = {"[OPTIONS]": str(T("[OPTIONS]"))}
        pieces = [words.get(piece, piece.strip("{}")) for piece in self.collect_usage_pieces(ctx)]  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{T('Usage:')} ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.format_usage(ctx, formatter)
        formatter.write("\n" + help_body(self, ctx, formatter.width))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = str(T("Show this help and exit"))
            option.callback = _show_help
        return option


def _show_help(ctx: Any, option: Any, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        emit(ctx.get_help() + "\n")  # click's own function does not report a full output
        ctx.exit()


class _Command(_Translated, TyperCommand):
    pass


class _Group(_Translated, TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name in HELP or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = nearest(name, HELP)
        if near:
            raise UsageError(T("unknown command {name}. Did you mean {guess}?", name=named(name), guess=near))
        raise UsageError(T("unknown command {name}. Commands: {names}", name=named(name), names=listed(HELP)))


def build_app(arguments: Sequence[str] = ()) -> Callable[..., Any]:
    """kkplan's commands, with their help in the current language.

    Args:
        arguments: the command line; commands that it does not need are left out.
    """
    app = typer.Typer(
        cls=_Group,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help=str(
            T(
                "Plan, review and apply the high availability of a KubeSphere/Kubernetes cluster that KubeKey installs. "
                "Without a command, in a terminal, kkplan starts the wizard on ./config-sample.yaml or ./config.yaml."
            )
        ),
        epilog=str(
            T(
                "Exit codes: 0 success, or nothing to do; 1 failed or refused; 2 changes pending (only with "
                "--detailed-exitcode); 64 usage error; 129, 130, 141 and 143 ended by SIGHUP, Ctrl-C, SIGPIPE or SIGTERM."
            )
        ),
    )
    app.callback(invoke_without_command=True)(with_options(_without_command))
    for name in _needed(arguments):
        app.command(name, cls=_Command, help=str(HELP[name]))(with_options(command_named(name)))
    return app


def _needed(arguments: Sequence[str]) -> Sequence[str]:
    """The one command that the arguments begin with; all of them where they begin otherwise, as for help."""
    if arguments[:1] == ["--version"]:
        return ()
    return arguments[:1] if arguments and arguments[0] in HELP else tuple(HELP)


def _without_command(ctx: typer.Context, version: bool = False) -> int | None:
    if version:
        emit(f"kkplan {__version__}\n")
    elif ctx.invoked_subcommand is None and is_interactive():
        code: int | None = command_named("wizard")()
        return code
    elif ctx.invoked_subcommand is None:
        emit(ctx.get_help() + "\n")
    return None


def usage_error_of(error: Exception) -> UsageError | None:
    """click's usage error in kkplan's words; None for any other error."""
    return UsageError(_usage_message(error)) if isinstance(error, _ClickUsageError) else None


_UNEXPECTED = re.compile(r"Got unexpected extra argument\S* \((?P<what>.*)\)", re.DOTALL)


def _usage_message(error: Any) -> Text:
    kind = type(error).__name__
    unexpected = _UNEXPECTED.match(error.message)
    if kind == "NoSuchOption":
        if error.possibilities:
            guess = ", ".join(sorted(error.possibilities))
            return T(
                "unknown option {option}. Did you mean {guess}?", option=named(error.option_name), guess=named(guess)
            )
        return T("unknown option {option}", option=named(error.option_name))
    if kind == "BadOptionUsage" and "does not take" in error.message:
        return T("option {option} takes no value", option=named(error.option_name))
    if kind == "BadOptionUsage":
        return T("option {option} needs a value", option=named(error.option_name))
    if kind == "MissingParameter":
        return T("{argument} is missing", argument=named(error.param.human_readable_name))
    if kind == "BadParameter" and "valid int" in error.message:
        return T("{option} takes an integer", option=named(error.param.opts[0]))
    if unexpected:
        return T("too many arguments: {arguments}", arguments=named(unexpected["what"]))
    # What is left, typer has translated where it can.
    return T("{message}", message=named(error.format_message()))
