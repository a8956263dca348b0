"""`itsm calendar`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_ids
from itsm_as_code.cli.options import at_option, clock, style_of, workspace_of

EPILOG = """\b
Examples:
  itsm calendar
  itsm calendar --days 28 --service patient-portal
"""


@click.command("calendar", epilog=EPILOG)
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How many days to show.")
@click.option("--service", metavar="ID", shell_complete=complete_ids("service"), help="Only changes of this service.")
@click.option("-v", "--hours", "with_hours", is_flag=True, help="Also when each calendar is open.")
@at_option
@click.pass_context
def calendar_command(ctx: click.Context, days: int, service: str | None, with_hours: bool, at: datetime | None) -> None:
    """Show changes, freezes and opening hours by day, from today on."""
    from zoneinfo import ZoneInfo

    from itsm_as_code.app.agenda import agenda
    from itsm_as_code.render.clean import one_line

    workspace = workspace_of(ctx)
    zone = ZoneInfo(workspace.snapshot().settings.time_zone)
    style = style_of(ctx)
    for day in agenda(workspace, clock(at), days, service=service):
        if not day.items and not with_hours:
            continue
        click.echo(style.strong(f"{day.date:%a %Y-%m-%d}"))
        for item in day.items:
            span = f"{item.start.astimezone(zone):%d %b %H:%M} to {item.end.astimezone(zone):%d %b %H:%M}"
            click.echo(one_line(f"  {span}  {item.id}  {item.words}"))
        for words in day.hours if with_hours else ():
            click.echo(f"  {style.faint(one_line(words))}")
