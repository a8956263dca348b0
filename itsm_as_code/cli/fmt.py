"""`itsm fmt`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import workspace_of
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm fmt
  itsm fmt --check records/changes
"""


@click.command("fmt", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 where a file would change.")
@click.option("--diff", "show", is_flag=True, help="Show the difference.")
@click.pass_context
def fmt_command(ctx: click.Context, files: tuple[str, ...], only_check: bool, show: bool) -> int:
    """Give records their one canonical layout.

    Comments stay, and no value is rewritten. Files that can't be read are left alone, and named.
    """
    from itsm_as_code.app.mend import layout, write
    from itsm_as_code.render.clean import clean

    workspace = workspace_of(ctx, settings_may_fail=True)
    rewritten, left = layout(workspace, files)
    if not only_check:
        write(workspace, rewritten)  # before anything is said to be changed
    for each in rewritten:
        click.echo(clean(each.difference() if show else f"{'would change' if only_check else 'changed'} {each.path}"))
    for words in left:
        click.echo(clean(f"left alone: {words}"), err=True)
    if left:
        return Exit.COULD_NOT_CHECK
    return Exit.FINDINGS if only_check and rewritten else Exit.CLEAN
