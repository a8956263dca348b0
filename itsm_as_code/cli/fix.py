"""`itsm fix`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.options import at_option, checkout_of, dry_run_option
from itsm_as_code.cli.output import note, show
from itsm_as_code.domain.errors import Exit
from itsm_as_code.domain.wording import counted

EPILOG = """\b
Examples:
  itsm fix --dry-run
  itsm fix --unsafe records/changes/2026/11/CHG-20261121-7K3Q9.yaml
"""


@click.command("fix", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--unsafe", is_flag=True, help="Also make fixes that may change the meaning, such as did-you-mean.")
@click.option(
    "--base",
    metavar="REV",
    help="Fix the step from this revision to the files here, including `revision` and `authors`.",
)
@dry_run_option
@at_option
@click.pass_context
def fix_command(
    ctx: click.Context, files: tuple[str, ...], unsafe: bool, base: str | None, dry_run: bool, at: datetime | None
) -> int:
    """Fix what a machine can fix. Comments, order and quotes are kept."""
    from itsm_as_code.app.writing.fix import fix
    from itsm_as_code.app.writing.rewritten import write
    from itsm_as_code.render.difference import as_written

    checkout = checkout_of(ctx, at, settings_may_fail=True)
    rewritten, left = fix(checkout, files, unsafe=unsafe, base=base)
    if not dry_run:
        write(checkout.root, rewritten)  # before anything is said to be done
    for each in rewritten:
        for title in each.done:
            show(f"{each.path}: {title}")
        if dry_run:
            show(*as_written(each.difference()))
    note(f"{'would fix' if dry_run else 'fixed'} {counted(len(rewritten), 'file')}")
    if left:
        note(f"{counted(left, 'finding')} left: itsm check{f' --base {base}' if base else ''}")
    return Exit.CLEAN
