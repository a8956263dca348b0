"""`itsm log`."""

from __future__ import annotations

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import checkout_of, format_option
from itsm_as_code.cli.output import note, put, show

EPILOG = """\b
Examples:
  itsm log 7K3Q9
  itsm log 7K3Q9 --field state
"""


@click.command("log", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@click.option("--field", metavar="FIELD", help="Only changes of this field.")
@format_option("text", "json")
@click.pass_context
def log_command(ctx: click.Context, ref: str, field: str | None, output: str) -> None:
    """Show a record's history from Git, field by field, newest first.

    Names, addresses and times are what the commits claim.
    """
    from itsm_as_code.app.reading.history import record_log
    from itsm_as_code.render.log import as_json, as_text

    checkout = checkout_of(ctx)
    if output == "json":
        put(as_json(record_log(checkout, ref), field))
        return
    empty = True
    for line in as_text(record_log(checkout, ref), field):
        empty = False
        show(line)
    if empty:
        note(f"no commit has changed its `{field}`" if field else "no commit has changed it yet")
