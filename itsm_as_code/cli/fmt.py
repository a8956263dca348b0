"""`itsm fmt`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import checkout_of
from itsm_as_code.cli.output import note, show
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm fmt
  itsm fmt --check records/changes
"""


@click.command("fmt", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Show the difference.")
@click.pass_context
def fmt_command(ctx: click.Context, files: tuple[str, ...], only_check: bool, diff: bool) -> int:
    """Give records their one canonical layout.

    Comments are kept, and no value is rewritten. Files that can't be read are named and left alone.
    """
    from itsm_as_code.app.writing.layout import layout
    from itsm_as_code.app.writing.rewritten import write
    from itsm_as_code.render.difference import as_written

    checkout = checkout_of(ctx, settings_may_fail=True)
    rewritten, left = layout(checkout, files)
    if not only_check:
        write(checkout.root, rewritten)  # before anything is said to be changed
    for each in rewritten:
        if diff:
            show(*as_written(each.difference()))
        else:
            show(f"{'would change' if only_check else 'changed'} {each.path}")
    for words in left:
        note(f"left alone: {words}")
    if left:
        return Exit.COULD_NOT_CHECK
    return Exit.FINDINGS if only_check and rewritten else Exit.CLEAN
