"""`itsm show`."""

from __future__ import annotations

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import format_option, style_of, workspace_of

EPILOG = """\b
Examples:
  itsm show 7K3Q9
  itsm show service/patient-portal --format json
"""


@click.command("show", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@format_option("text", "json")
@click.pass_context
def show_command(ctx: click.Context, ref: str, output: str) -> None:
    """Show a record. REF is an id, the end of a ticket's id, a slug, or kind/slug."""
    from itsm_as_code.app.browse import shown
    from itsm_as_code.render import record

    found = shown(workspace_of(ctx), ref)
    if output == "json":
        click.echo(record.as_json(found.data, found.derived))
        return
    for line in record.as_text(found.data, found.heading, found.state, style_of(ctx)):
        click.echo(line)
    click.echo(f"  file: {found.path}", err=True)
