"""`itsm note`."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import InstantType, dry_run_option, push_option, when_option
from itsm_as_code.cli.writing import perform

EPILOG = """\b
Examples:
  itsm note 7K3Q9 "Restarted the queue consumer"
  itsm note 7K3Q9 --public "We know of the problem and work on it." --response
"""


@click.command("note", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@click.argument("text", required=False)
@click.option("--public", help="What users are told; goes to the status page of public records.")
@click.option("--response", is_flag=True, help="This is the first response to the requester.")
@click.option("--void", type=InstantType(), metavar="INSTANT", help="Take back your entry of this instant.")
@when_option
@push_option
@dry_run_option
@click.pass_context
def note_command(
    ctx: click.Context, ref: str, text: str | None, public: str | None, response: bool, void: datetime | None,
    when: datetime | None, push: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Add a note to a ticket's timeline.

    If the text is `-`, it is read from standard input.
    """
    from itsm_as_code.app.writing.note import Note, note

    if text == "-":
        text = sys.stdin.read().strip()
    wanted = Note(ref, text, public, response, void)
    return perform(ctx, lambda who, now: note(wanted, who, now, when), f"{ref}: note", push=push, dry_run=dry_run)
