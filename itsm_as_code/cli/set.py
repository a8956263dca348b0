"""`itsm set`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_refs_and_words
from itsm_as_code.cli.consent import for_several, yes_option
from itsm_as_code.cli.options import dry_run_option, push_option, when_option
from itsm_as_code.cli.writing import perform

EPILOG = """\b
Examples:
  itsm set 7K3Q9 assignee=ana impact=high urgency=medium
  itsm set --where "state=on_hold team=network" tags+=review
"""


@click.command("set", epilog=EPILOG)
@click.argument(
    "words", nargs=-1, required=True, metavar="[REF]... FIELD=VALUE...", shell_complete=complete_refs_and_words
)
@click.option(
    "--where", "condition", metavar="QUERY", help="Also set them on the records that `itsm list QUERY` finds."
)
@click.option("--note", help="Why, as a note in the same timeline entry.")
@when_option
@yes_option
@push_option
@dry_run_option
@click.pass_context
def set_command(
    ctx: click.Context, words: tuple[str, ...], condition: str | None, note: str | None,
    when: datetime | None, yes: bool, push: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Set fields of records.

    `+=` adds to a list, an empty value removes the field, and `.` leads into maps. Impact and urgency also set the
    priority. Tracked fields, such as assignee and team, become an entry of the timeline. Before several records are
    written, you are asked.
    """
    from itsm_as_code.app.writing.set_fields import SetRequest, set_fields

    refs = tuple(word for word in words if "=" not in word)
    assignments = tuple(word for word in words if "=" in word)
    if not assignments:
        raise click.UsageError("nothing to set: write FIELD=VALUE", ctx)
    wanted = SetRequest(refs, assignments, condition, note)
    message = f"{' '.join(refs) or 'records'}: set {', '.join(assignments)}"[:70]
    return perform(
        ctx, lambda who, now: set_fields(wanted, who, now, when), message, push=push, dry_run=dry_run,
        agreed=for_several(named=condition is None, yes=yes),
    )  # fmt: skip
