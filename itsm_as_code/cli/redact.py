"""`itsm redact`."""

from __future__ import annotations

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import dry_run_option, push_option
from itsm_as_code.cli.writing import perform

EPILOG = """\b
Examples:
  itsm redact 7K3Q9 --entry 3 --reason "Contained a patient's name"
  itsm redact 7K3Q9 --entry 3 --reason "Contained a password" --push
"""


@click.command("redact", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@click.option(
    "--entry", "number", type=int, required=True, help="The number of the entry, as `itsm show` counts them, from 1."
)
@click.option("--reason", required=True, help="Why the text must go.")
@push_option
@dry_run_option
@click.pass_context
def redact_command(ctx: click.Context, ref: str, number: int, reason: str, push: bool, dry_run: bool) -> int:
    """Remove a text from a timeline and leave a tombstone.

    Older commits still hold the text. Keep the repository from people who must not see it, or rewrite its history.
    """
    from itsm_as_code.app.writing.redact import redact

    message = f"{ref}: redact entry {number}"
    return perform(ctx, lambda who, now: redact(ref, number, reason, who, now), message, push=push, dry_run=dry_run)
