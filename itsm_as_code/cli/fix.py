"""`itsm fix`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.options import at_option, clock, dry_run_option, workspace_of
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.wording import counted

EPILOG = """\b
Examples:
  itsm fix --dry-run
  itsm fix --unsafe records/changes/2026/11/CHG-20261121-7K3Q9.yaml
"""


@click.command("fix", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--unsafe", is_flag=True, help="Also fixes that may change the meaning, such as did-you-mean.")
@click.option(
    "--base",
    metavar="REV",
    help="Mend the step from this revision to the files as they lie here: `revision` and `authors` too.",
)
@dry_run_option
@at_option
@click.pass_context
def fix_command(
    ctx: click.Context, files: tuple[str, ...], unsafe: bool, base: str | None, dry_run: bool, at: datetime | None
) -> int:
    """Mend what a machine can mend. Comments, order and quoting stay."""
    from itsm_as_code.app.mend import mend, write
    from itsm_as_code.render.clean import clean

    workspace = workspace_of(ctx, settings_may_fail=True)
    rewritten, left = mend(workspace, files, clock(at), unsafe=unsafe, base=base)
    if not dry_run:
        write(workspace, rewritten)  # before anything is said to be done
    for each in rewritten:
        for title in each.done:
            click.echo(clean(f"{each.path}: {title}"))
        if dry_run:
            click.echo(clean(each.difference()))
    click.echo(f"{'would mend' if dry_run else 'mended'} {counted(len(rewritten), 'file')}", err=True)
    if left:
        click.echo(f"{counted(left, 'finding')} left: itsm check{f' --base {base}' if base else ''}", err=True)
    return Exit.CLEAN
