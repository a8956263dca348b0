"""`itsm`: the group of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from itsm_as_code import __version__
from itsm_as_code.cli.commands import COMMANDS, COMPLETION_VARIABLE, SECTIONS, find, verbs
from itsm_as_code.cli.help import HelpContext, with_our_help
from itsm_as_code.cli.output import show
from itsm_as_code.domain.errors import CouldNotCheck, Exit, ItsmError, UsageFault

if TYPE_CHECKING:
    from itsm_as_code.render.line import Line

EXAMPLES = """\b
Examples:
  itsm check
  itsm new incident --title "Portal is down" --service patient-portal
"""


class Commands(click.Group):
    """Loads a command only when it is used, because importing all commands takes longer than running most of them."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Returns all names, in the order of the overview."""
        return [command.name for command in (*COMMANDS, *verbs())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports and returns the command, or returns None if there is none."""
        listed = find(cmd_name)
        if listed is not None:
            return with_our_help(getattr(import_module(f"itsm_as_code.cli.{listed.module}"), listed.attribute))
        if any(verb.name == cmd_name for verb in verbs()):
            return with_our_help(import_module("itsm_as_code.cli.verbs").verb_command(cmd_name))
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Works like click's method, and adds a suggestion to the error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from itsm_as_code.cli.elsewhere import meant_by

            meant = meant_by(args[0], self.list_commands(ctx))
            hint = f" Did you mean {meant}?" if meant else ""
            raise click.UsageError(f"there is no command `{args[0]}`.{hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the overview, by section."""
        for section in SECTIONS:
            rows = [(c.name, c.summary) for c in (*COMMANDS, *verbs()) if c.section == section]
            title = "Verbs (from the lifecycle of each kind)" if section == "Verbs" else section
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes two examples."""
        formatter.write_paragraph()
        formatter.write_text(EXAMPLES)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "directory", metavar="DIR", default=".", help="Work as if started in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Print only what was asked for; findings are never hidden.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the output.")
@click.option("--debug", is_flag=True, help="After an error, print the traceback.")
@click.version_option(__version__, "-V", "--version", prog_name="itsm", message="%(prog)s %(version)s")
@click.pass_context
def itsm(ctx: click.Context, /, directory: str, **options: Any) -> None:
    """IT service management in one Git repository."""
    from pathlib import Path

    ctx.obj = {"start": Path(directory), **options}


def main() -> NoReturn:
    """Runs the command line and exits. Only exit code 0 is a pass (docs/exit-codes.md)."""
    if hasattr(signal, "SIGCHLD"):
        # If the parent ignores this signal, the system forgets how our children end, and Python takes each end for 0.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.set_threshold(50_000)  # by default it looks through all modules, again and again, while they are imported
    if sys.stderr is None:  # the caller has closed it; no file that is opened later may take its place
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the process ends
    if sys.stdout is None:
        _say("error: standard output is closed, so nobody would read the answer")
        sys.exit(Exit.COULD_NOT_CHECK)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character is no reason to fail
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends the process without freeing what it loaded, which would take a tenth of a short command's time.

    Nothing waits for the interpreter's end: files, processes and threads are closed where they are used.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        code = code or Exit.COULD_NOT_CHECK
    os._exit(code)


def run(args: list[str]) -> int:
    """Runs one command and returns its exit code. It prints a traceback only with `--debug`."""
    debug = "--debug" in args
    try:
        result = _carried_out(args)
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted; nothing half-done was left behind")
        return Exit.INTERRUPTED
    except click.ClickException as error:
        _explain_usage(error)
        return Exit.USAGE
    except ItsmError as error:
        _explain(error, debug=debug)
        return error.exit_code
    except OSError as error:
        return _failed_outside(error, debug=debug)
    except (MemoryError, Exception) as bug:  # the one place that may catch everything: it ends the process
        return _apologise(bug, debug=debug)
    return int(result) if isinstance(result, int) else Exit.CLEAN


def _carried_out(args: list[str]) -> Any:
    """Returns the result of the command. It avoids click's own `main`, which ends the process with 1 for a closed
    pipe."""
    if COMPLETION_VARIABLE in os.environ:
        return itsm.main(args=args, prog_name="itsm", complete_var=COMPLETION_VARIABLE, standalone_mode=False)
    with itsm.make_context("itsm", list(args)) as ctx:
        return itsm.invoke(ctx)


def _failed_outside(error: OSError, *, debug: bool) -> int:
    """Explains an error of the disk, a pipe or a file. Output that was not delivered does not count as a pass."""
    if not isinstance(error, BrokenPipeError):
        reason = error.strerror or type(error).__name__
        _explain(CouldNotCheck(f"{error.filename}: {reason}" if error.filename else reason), debug=debug)
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):  # what is still buffered can't be written any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.COULD_NOT_CHECK


def _explain_usage(error: click.ClickException) -> None:
    """Explains a usage error like our own errors, instead of in click's three lines. A group without a command shows
    its help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    message = error.format_message().rstrip(".")
    command = ctx.command_path if ctx is not None else "itsm"
    _explain(UsageFault(message[:1].lower() + message[1:], hint=f"{command} --help"), debug=False)


def _explain(error: ItsmError, *, debug: bool) -> None:
    _say(*_told("error: ", error.message))
    if error.hint:
        _say(*_told("  help: ", error.hint, hang=8))
    if debug:
        _traceback(error)


def _told(label: str, words: str, hang: int = 0) -> Iterator[Line]:
    """Yields the lines of a message. The first line is wrapped; the others are from another program and stay as they
    are."""
    from itsm_as_code.render.line import line, verbatim

    first, *more = words.split("\n")
    yield line(f"{label}{first}", hang=hang)
    yield from verbatim("\n".join(more)) if more else ()


def _apologise(bug: BaseException, *, debug: bool) -> int:
    _say(f"itsm failed because of a bug in itsm: {type(bug).__name__}: {str(bug)[:200]}")
    _say("  help: run it again with --debug and report the traceback; nothing was approved")
    if debug:
        _traceback(bug)
    return Exit.BUG


def _traceback(error: BaseException) -> None:
    import traceback

    click.echo("".join(traceback.format_exception(error)), err=True)


def _say(*lines: Line | str) -> None:
    with suppress(OSError):  # nobody can read it, but the exit code still says it
        show(*lines, err=True)
