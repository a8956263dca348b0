"""`itsm generate schemas|docs`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import workspace_of
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm generate schemas
  itsm generate schemas --check
"""


@click.command("generate", epilog=EPILOG)
@click.argument("what", type=click.Choice(["schemas", "docs"]))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 where a file is stale.")
@click.pass_context
def generate_command(ctx: click.Context, what: str, only_check: bool) -> int:
    """Write the JSON Schemas of this workspace, or the reference documents."""
    from itsm_as_code.app import generate
    from itsm_as_code.store.snapshot import read_settings

    workspace = workspace_of(ctx)
    settings, _ = read_settings(workspace.tree())
    if what == "schemas":
        files = generate.schemas(settings)
    else:
        from itsm_as_code.cli.reference import commands_page

        files = generate.documents(commands_page())
    generated = generate.compare(workspace.root, files)
    if not only_check:
        generate.write(workspace.root, generated)  # before anything is said to be written
    for path in generated.stale:
        click.echo(f"{'stale' if only_check else 'wrote'} {path}")
    return Exit.FINDINGS if only_check and generated.stale else Exit.CLEAN
