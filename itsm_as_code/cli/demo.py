"""`itsm demo`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import at_option, checkout_of, start_of
from itsm_as_code.cli.output import put, screen, show
from itsm_as_code.domain.errors import CouldNotCheck, Exit
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout

EPILOG = """\b
Examples:
  itsm demo
  itsm demo --at 2026-11-20T10:30:00Z --out /tmp/site
"""
CLOCKS_SHOWN = 12


@click.command("demo", epilog=EPILOG)
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder for the site; default: `site` in the workspace."
)
@at_option
@click.pass_context
def demo_command(ctx: click.Context, out: Path | None, at: datetime | None) -> int:
    """Show the workspace at work: checks, approvals, SLA status, calendar, site.

    Outside a workspace it makes a small one in the folder `itsm-demo`.
    """
    _make_workspace(ctx, at)
    checkout = checkout_of(ctx, at)
    clean = _check(checkout)
    _approvals(ctx, checkout)
    _clocks(checkout)
    _agenda(checkout)
    _site(checkout, out or checkout.root / "site")
    return Exit.CLEAN if clean else Exit.FINDINGS


def _make_workspace(ctx: click.Context, at: datetime | None) -> None:
    """Makes a small workspace if there is none, and continues in it."""
    from itsm_as_code.app.checkout.workspace import now, open_checkout
    from itsm_as_code.app.setup.init import InitRequest, identity_of, initialise

    start = start_of(ctx)
    try:
        open_checkout(start)
    except CouldNotCheck:
        name, email = identity_of(start) or ("Ana Example", "ana@example.org")
        root = ctx.obj["start"] = start / "itsm-demo"
        if not root.exists():
            initialise(root, InitRequest("Demo", "Website", name, email, "UTC"), at or now(), git=False)


def _heading(words: str) -> None:
    from itsm_as_code.render.line import line, strong

    show("", line(strong(words)))


def _check(checkout: Checkout) -> bool:
    from itsm_as_code.app.checking.whole import check_workspace
    from itsm_as_code.render.findings import as_text, summary

    _heading("$ itsm check")
    report = check_workspace(checkout)
    show(*as_text(report.findings, report.sources, width=screen().width))
    show(summary(report.findings, report.evaluated, len(report.suppressed), report.scope))
    return all(finding.severity is not Severity.ERROR for finding in report.findings)


def _approvals(ctx: click.Context, checkout: Checkout) -> None:
    """Shows what waits for the person with the most to decide, the status of each change, and one change seat by
    seat."""
    from itsm_as_code.app.checkout.evaluator_here import evaluator_here
    from itsm_as_code.app.reading.change_statuses import busiest, change_statuses
    from itsm_as_code.cli.explain import explain_command
    from itsm_as_code.cli.list_ import list_command
    from itsm_as_code.render.approvals import WIDTH, as_text, in_short, is_stale

    try:
        evaluator = evaluator_here(checkout)
    except CouldNotCheck as error:
        _heading("Approvals")
        show(f"{error.message}: {error.hint}")
        return
    person = busiest(evaluator)
    if person is not None:
        _heading(f"$ itsm list --awaiting {person}")
        ctx.invoke(list_command, awaiting=person, at=checkout.now, output="table")
    found = change_statuses(checkout.require_clone(), evaluator)
    _heading("Approvals of the changes that are not over")
    width = screen().width or WIDTH
    for each in found:
        label = f"{each.change.id}  {each.change.title}"
        show(*as_text(label, each.status, in_short(each.verdicts, each.debt), width))
    if not found:
        show("no change is under way")
    stale = next((each for each in found if is_stale(each.verdicts[0])), None)
    if stale is not None:
        _heading(f"$ itsm explain {stale.change.id} approval")
        ctx.invoke(explain_command, word=stale.change.id, aspect="approval", at=checkout.now)


def _clocks(checkout: Checkout) -> None:
    from itsm_as_code.app.reading.sla import sla_status
    from itsm_as_code.render.sla import clock_table
    from itsm_as_code.render.table import as_table

    _heading("$ itsm sla status")
    found = sla_status(checkout, (), everything=False).found
    table = clock_table(found[:CLOCKS_SHOWN], checkout.here.settings.time_zone)
    put(as_table(table, screen()))
    if len(found) > CLOCKS_SHOWN:
        show(f"and {len(found) - CLOCKS_SHOWN} more clocks")


def _agenda(checkout: Checkout) -> None:
    from itsm_as_code.app.reading.calendar import agenda
    from itsm_as_code.render.line import line

    _heading("$ itsm calendar --days 7")
    for day in agenda(checkout, 7):
        for item in day.items:
            show(line(f"{day.date:%a %d %b}  {item.id}  {item.words}", hang=12))


def _site(checkout: Checkout, out: Path) -> None:
    from itsm_as_code.app.publishing.site import PublishRequest, publish
    from itsm_as_code.app.publishing.site_folder import write_site
    from itsm_as_code.domain.kinds.types import Visibility

    _heading("$ itsm site build")
    files = publish(checkout.here, checkout.files, PublishRequest(Visibility.IT, checkout.now))
    write_site(out, files)
    show(f"{len(files)} files for all of IT are in {out}")
    show(f"open {(out / 'index.html').resolve().as_uri()}")
