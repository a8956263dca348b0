"""`itsm sla status`."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_ids
from itsm_as_code.cli.options import at_option, clock, format_option, style_of, workspace_of
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.wording import counted

EPILOG = """\b
Examples:
  itsm sla status
  itsm sla status 7K3Q9 --at 2026-11-21T08:00:00Z
"""


@click.group("sla", epilog=EPILOG)
def sla_command() -> None:
    """Show what is met, running, at risk, breached or paused, and why."""


@sla_command.command("status", epilog=EPILOG)
@click.argument("refs", nargs=-1, metavar="[REF]...", shell_complete=complete_ids("incident", "problem", "request"))
@click.option("-a", "--all", "everything", is_flag=True, help="Also tickets that are resolved or ended.")
@click.option("--fail", is_flag=True, help="Exit 1 where a clock is breached.")
@format_option("table", "csv", "json")
@at_option
@click.pass_context
def status_command(
    ctx: click.Context, refs: tuple[str, ...], everything: bool, fail: bool, output: str, at: datetime | None
) -> int:
    """Show the clocks of tickets, most pressing first; of all open ones by default.

    `itsm explain REF sla` shows how a clock came to its time, interval by interval.
    """
    from itsm_as_code.app.sla import sla_status
    from itsm_as_code.domain.clocks.status import ClockState
    from itsm_as_code.render.sla import standings_json, standings_table
    from itsm_as_code.render.table import formatted

    workspace = workspace_of(ctx)
    standings = sla_status(workspace, refs, clock(at), everything=everything)
    found = standings.found
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if output == "json":
        click.echo(standings_json(found))
    elif found or output == "csv":
        zone = workspace.snapshot().settings.time_zone if output == "table" else None
        table = standings_table(found, zone)
        click.echo(formatted(table, output, "clocks", style_of(ctx), width))
    else:
        click.echo("no clocks: no open ticket has an SLA", err=True)
    if standings.unreadable:
        number = counted(standings.unreadable, "record")
        click.echo(f"warning: {number} can't be read, so clocks may be missing: itsm check", err=True)
        return Exit.COULD_NOT_CHECK
    breached = any(standing.clock.state is ClockState.BREACHED for standing in found)
    return Exit.FINDINGS if fail and breached else Exit.CLEAN
