"""`itsm calendar`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.completion import complete_ids
from itsm_as_code.cli.options import at_option, checkout_of, format_option
from itsm_as_code.cli.output import note, put, show
from itsm_as_code.domain.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from itsm_as_code.app.reading.calendar import CalendarDay

_WORDS_AT = len("  20 Nov 18:00 to 20 Nov 19:00  ")
EPILOG = """\b
Examples:
  itsm calendar
  itsm calendar --days 28 --service patient-portal
"""


@click.command("calendar", epilog=EPILOG)
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How many days to show.")
@click.option("--service", metavar="ID", shell_complete=complete_ids("service"), help="Only changes of this service.")
@click.option("-v", "--hours", "with_hours", is_flag=True, help="Also show when each calendar is open.")
@format_option("text", "csv", "json")
@at_option
@click.pass_context
def calendar_command(
    ctx: click.Context, days: int, service: str | None, with_hours: bool, output: str, at: datetime | None
) -> None:
    """Show changes, freezes and opening hours by day, from today on.

    The format csv leaves out the hours.
    """
    from zoneinfo import ZoneInfo

    from itsm_as_code.app.reading.calendar import agenda
    from itsm_as_code.render import calendar, table

    checkout = checkout_of(ctx, at)
    found = list(agenda(checkout, days, service=service))
    if output == "json":
        put(calendar.as_json(found, with_hours=with_hours))
    elif output == "csv":
        put(table.as_csv(calendar.as_rows(found)))
    else:
        _show(found, ZoneInfo(checkout.here.settings.time_zone), with_hours=with_hours)
    if not any(day.items for day in found) and not (with_hours and output == "text"):
        note(f"nothing is planned in the {counted(days, 'day')} from then on")


def _show(days: Sequence[CalendarDay], zone: ZoneInfo, *, with_hours: bool) -> None:
    from itsm_as_code.render.line import faint, line, strong

    for day in days:
        if not day.items and not with_hours:
            continue
        show(line(strong(f"{day.date:%a %Y-%m-%d}")))
        for item in day.items:
            span = f"{item.start.astimezone(zone):%d %b %H:%M} to {item.end.astimezone(zone):%d %b %H:%M}"
            show(line(f"  {span}  {item.id}  {item.words}", hang=_WORDS_AT))
        for name, seconds in day.open_seconds if with_hours else ():
            words = f"open {seconds / 3600:g} h" if seconds else "closed"
            show(line("  ", faint(f"{name} {words}")))
