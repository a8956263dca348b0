"""`itsm log`."""

from __future__ import annotations

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import style_of, workspace_of

EPILOG = """\b
Examples:
  itsm log 7K3Q9
  itsm log 7K3Q9 --field state
"""


@click.command("log", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@click.option("--field", metavar="FIELD", help="Only changes of this field.")
@click.pass_context
def log_command(ctx: click.Context, ref: str, field: str | None) -> None:
    """Show a record's history from Git, field by field, newest first.

    Names, addresses and times are the commits' own claims.
    """
    from itsm_as_code.app.log import record_log
    from itsm_as_code.render.log import as_text

    workspace = workspace_of(ctx)
    empty = True
    for line in as_text(record_log(workspace, ref), style_of(ctx), field):
        empty = False
        click.echo(line)
    if empty:
        click.echo(f"no commit has changed `{field}` of it" if field else "no commit has changed it yet", err=True)
