"""`itsm sla status`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_ids
from itsm_as_code.cli.options import at_option, checkout_of, format_option
from itsm_as_code.cli.output import note, put, screen, tell_clock
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.wording import counted

EPILOG = """\b
Examples:
  itsm sla status
  itsm sla status 7K3Q9 --at 2026-11-21T08:00:00Z
"""


@click.group("sla", epilog=EPILOG)
def sla_command() -> None:
    """Show which SLA clocks are met, running, at risk, breached or paused."""


@sla_command.command("status", epilog=EPILOG)
@click.argument("refs", nargs=-1, metavar="[REF]...", shell_complete=complete_ids("incident", "problem", "request"))
@click.option("-a", "--all", "everything", is_flag=True, help="Also show tickets that are resolved or ended.")
@click.option("--fail", is_flag=True, help="Exit 1 if a clock is breached.")
@format_option("table", "csv", "json")
@at_option
@click.pass_context
def status_command(
    ctx: click.Context, refs: tuple[str, ...], everything: bool, fail: bool, output: str, at: datetime | None
) -> int:
    """Show the clocks of the tickets named, or of all open ones, most urgent first.

    `itsm explain REF sla` shows how a clock was computed, interval by interval.
    """
    from itsm_as_code.app.reading.sla import sla_status
    from itsm_as_code.domain.clocks.status import ClockState
    from itsm_as_code.render.sla import clock_table, clocks_json, clocks_plain
    from itsm_as_code.render.table import as_csv, as_table

    checkout = checkout_of(ctx, at)
    clock_rows = sla_status(checkout, refs, everything=everything)
    found = clock_rows.found
    if output == "json":
        put(clocks_json(found, checkout.now))
    elif output == "csv":
        put(as_csv(clocks_plain(found)))
    elif found:
        put(as_table(clock_table(found, checkout.here.settings.time_zone), screen()))
    tell_clock(at)
    if not found:
        note("no clocks: no open ticket has an SLA")
    if clock_rows.unreadable:
        number = counted(clock_rows.unreadable, "record")
        note(f"warning: {number} can't be read, so clocks may be missing: itsm check")
        return Exit.COULD_NOT_CHECK
    breached = any(row.clock.state is ClockState.BREACHED for row in found)
    return Exit.FINDINGS if fail and breached else Exit.CLEAN
