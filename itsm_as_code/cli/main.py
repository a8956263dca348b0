"""`itsm`: the group of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from itsm_as_code import __version__
from itsm_as_code.cli.commands import COMMANDS, SECTIONS, find, verbs
from itsm_as_code.domain.errors import CouldNotCheck, Exit, ItsmError, UsageFault

COMPLETION_VARIABLE = "_ITSM_COMPLETE"
EXAMPLES = """
Examples:
  itsm check
  itsm new incident --title "Portal is down" --service patient-portal
"""


class Commands(click.Group):
    """Loads a command when it is used, because importing all of them costs more than most of them do."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the overview."""
        return [command.name for command in (*COMMANDS, *verbs())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is none."""
        listed = find(cmd_name)
        if listed is not None:
            command: click.Command = getattr(import_module(listed.module), listed.attribute)
            return command
        if any(verb.name == cmd_name for verb in verbs()):
            made: click.Command = import_module("itsm_as_code.cli.verbs").verb_command(cmd_name)
            return made
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a word on what was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from itsm_as_code.cli.elsewhere import meant_by

            meant = meant_by(args[0], self.list_commands(ctx))
            hint = f" Did you mean {meant}?" if meant else ""
            raise click.UsageError(f"there is no command `{args[0]}`.{hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, by section."""
        for section in SECTIONS:
            rows = [(c.name, c.summary) for c in (*COMMANDS, *verbs()) if c.section == section]
            title = "Verbs (from the lifecycle of each kind)" if section == "Verbs" else section
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Two examples."""
        formatter.write(EXAMPLES)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "directory", metavar="DIR", default=".", help="Work as if started in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what was asked for; findings are never hidden.")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what is done.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the output.")
@click.option("--debug", is_flag=True, help="On an error of itsm itself, print the traceback.")
@click.version_option(__version__, "-V", "--version", prog_name="itsm", message="%(prog)s %(version)s")
@click.pass_context
def itsm(ctx: click.Context, /, directory: str, **options: Any) -> None:
    """IT service management in one Git repository."""
    from pathlib import Path

    ctx.obj = {"start": Path(directory), **options}


def main() -> NoReturn:
    """Runs the command line and exits. Only exit code 0 is a pass (docs/exit-codes.md)."""
    if sys.stderr is None:  # closed by whoever started us; nothing that is opened later may take its place
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the process ends
    if sys.stdout is None:
        _say("error: standard output is closed, so nobody would read the answer")
        sys.exit(Exit.COULD_NOT_CHECK)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without a character is no reason to fail
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends the process without taking apart what it loaded, which is a tenth of a short command's time.

    Nothing waits for the interpreter's end: files, processes and threads are closed where they are used.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        code = code or Exit.COULD_NOT_CHECK
    os._exit(code)


def run(args: list[str]) -> int:
    """Runs one command; returns its exit code. No error leaves as a traceback unless `--debug` asks for it."""
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
    """What the command returns. Without click's own `main`, which ends the process with 1 for a closed pipe."""
    if COMPLETION_VARIABLE in os.environ:
        return itsm.main(args=args, prog_name="itsm", complete_var=COMPLETION_VARIABLE, standalone_mode=False)
    with itsm.make_context("itsm", list(args)) as ctx:
        return itsm.invoke(ctx)


def _failed_outside(error: OSError, *, debug: bool) -> int:
    """The disk, a pipe or a file let us down. What was not delivered does not count as a pass."""
    if not isinstance(error, BrokenPipeError):
        reason = error.strerror or type(error).__name__
        _explain(CouldNotCheck(f"{error.filename}: {reason}" if error.filename else reason), debug=debug)
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):  # what is still buffered has nowhere to go when the process ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.COULD_NOT_CHECK


def _explain_usage(error: click.ClickException) -> None:
    """As our own errors, not in click's three lines; a group without a command shows its help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    message = error.format_message().rstrip(".")
    command = ctx.command_path if ctx is not None else "itsm"
    _explain(UsageFault(message[:1].lower() + message[1:], hint=f"{command} --help"), debug=False)


def _explain(error: ItsmError, *, debug: bool) -> None:
    from itsm_as_code.render.clean import clean

    _say(f"error: {clean(error.message)}")
    if error.hint:
        _say(f"  help: {clean(error.hint)}")
    if debug:
        _traceback(error)


def _apologise(bug: BaseException, *, debug: bool) -> int:
    from itsm_as_code.render.clean import one_line

    _say(f"itsm failed, and that is a bug of ours, not yours: {type(bug).__name__}: {one_line(str(bug)[:200])}")
    _say("  help: run it again with --debug and report the traceback; nothing was approved")
    if debug:
        _traceback(bug)
    return Exit.BUG


def _traceback(error: BaseException) -> None:
    import traceback

    click.echo("".join(traceback.format_exception(error)), err=True)


def _say(line: str) -> None:
    with suppress(OSError):  # nobody hears it; the exit code still tells
        click.echo(line, err=True)
