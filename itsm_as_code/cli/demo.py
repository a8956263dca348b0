"""`itsm demo`."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import at_option, clock, start_of, style_of
from itsm_as_code.domain.errors import CouldNotCheck, Exit
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.render.style import Style

EPILOG = """\b
Examples:
  itsm demo
  itsm demo --at 2026-11-20T10:30:00Z --out /tmp/site
"""
CLOCKS_SHOWN = 12


@click.command("demo", epilog=EPILOG)
@click.option("--out", type=click.Path(path_type=Path), help="Where the site goes; default `site` in the workspace.")
@at_option
@click.pass_context
def demo_command(ctx: click.Context, out: Path | None, at: datetime | None) -> int:
    """Show the workspace at work: checks, approvals, SLA status, calendar, site.

    Outside a workspace a small one is made in the folder `itsm-demo`.
    """
    from itsm_as_code.app.workspace import require_settings

    now = clock(at)
    workspace = _workspace(start_of(ctx), now)
    require_settings(workspace)
    style = style_of(ctx)
    clean = _check(workspace, now, style)
    _approvals(ctx, workspace, now, style)
    _clocks(workspace, now, style)
    _agenda(workspace, now, style)
    _site(workspace, out or workspace.root / "site", now, style)
    return Exit.CLEAN if clean else Exit.FINDINGS


def _workspace(start: Path, now: datetime) -> Workspace:
    from itsm_as_code.app.initialise import Founding, identity_of, initialise
    from itsm_as_code.app.workspace import find_workspace

    try:
        return find_workspace(start)
    except CouldNotCheck:
        name, email = identity_of(start) or ("Ana Example", "ana@example.org")
        root = start / "itsm-demo"
        if not root.exists():
            initialise(root, Founding("Demo", "Website", name, email, "UTC"), now, git=False)
        return find_workspace(root)


def _heading(words: str, style: Style) -> None:
    click.echo(f"\n{style.strong(words)}")


def _check(workspace: Workspace, now: datetime, style: Style) -> bool:
    from itsm_as_code.app.check import check_workspace
    from itsm_as_code.render.findings import as_text, summary

    _heading("$ itsm check", style)
    report = check_workspace(workspace, now)
    for line in as_text(report.findings, report.sources, style):
        click.echo(line)
    click.echo(summary(report.findings, report.evaluated, len(report.suppressed), report.scope))
    return all(finding.severity is not Severity.ERROR for finding in report.findings)


def _approvals(ctx: click.Context, workspace: Workspace, now: datetime, style: Style) -> None:
    """What waits for the person for whom most waits, how each change stands, and one of them seat by seat."""
    from itsm_as_code.app.approvals.decide import court_here
    from itsm_as_code.app.approvals.overview import busiest, standings
    from itsm_as_code.cli.explain import explain_command
    from itsm_as_code.cli.list_ import list_command
    from itsm_as_code.render.approvals import WIDTH, as_text, in_short, is_stale

    try:
        court = court_here(workspace, now)
    except CouldNotCheck as error:
        _heading("Approvals", style)
        click.echo(f"{error.message}: {error.hint}")
        return
    person = busiest(court)
    if person is not None:
        _heading(f"$ itsm list --awaiting {person}", style)
        ctx.invoke(list_command, awaiting=person, at=now, output="table")
    found = standings(workspace, court)
    _heading("Approvals of the changes that are not over", style)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    for each in found:
        label = f"{each.change.id}  {each.change.title}"
        for line in as_text(label, each.status, in_short(each.verdicts, each.debt), style, width):
            click.echo(line)
    if not found:
        click.echo("no change is under way")
    stale = next((each for each in found if is_stale(each.verdicts[0])), None)
    if stale is not None:
        _heading(f"$ itsm explain {stale.change.id} approval", style)
        ctx.invoke(explain_command, word=stale.change.id, aspect="approval", at=now)


def _clocks(workspace: Workspace, now: datetime, style: Style) -> None:
    from itsm_as_code.app.sla import sla_status
    from itsm_as_code.render.sla import standings_table
    from itsm_as_code.render.table import as_table

    _heading("$ itsm sla status", style)
    found = sla_status(workspace, (), now, everything=False).found
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    table = standings_table(found[:CLOCKS_SHOWN], workspace.snapshot().settings.time_zone)
    click.echo(as_table(table, style, width))
    if len(found) > CLOCKS_SHOWN:
        click.echo(f"and {len(found) - CLOCKS_SHOWN} more clocks")


def _agenda(workspace: Workspace, now: datetime, style: Style) -> None:
    from itsm_as_code.app.agenda import agenda
    from itsm_as_code.render.clean import one_line

    _heading("$ itsm calendar --days 7", style)
    for day in agenda(workspace, now, 7):
        for item in day.items:
            click.echo(one_line(f"{day.date:%a %d %b}  {item.id}  {item.words}"))


def _site(workspace: Workspace, out: Path, now: datetime, style: Style) -> None:
    from itsm_as_code.app.publish import Publishing, publish
    from itsm_as_code.app.site_folder import write_site
    from itsm_as_code.domain.kinds.types import Visibility

    _heading("$ itsm site build", style)
    files = publish(workspace.snapshot(), workspace.root, Publishing(Visibility.IT, now))
    write_site(out, files)
    click.echo(f"{len(files)} files for all of IT are in {out}")
    click.echo(f"open {(out / 'index.html').resolve().as_uri()}")
