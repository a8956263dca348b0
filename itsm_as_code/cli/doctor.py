"""`itsm doctor`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import start_of, style_of
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm doctor
  itsm -C ../records doctor
"""


@click.command("doctor", epilog=EPILOG)
@click.pass_context
def doctor_command(ctx: click.Context) -> int:
    """Look whether everything that itsm needs is in order."""
    from itsm_as_code.app.doctor import Grade, examine
    from itsm_as_code.render.clean import one_line

    style = style_of(ctx)
    marks = {Grade.GOOD: style.hint("ok  "), Grade.WEAK: style.warm("weak"), Grade.BAD: style.bad("bad ")}
    worst = Grade.GOOD
    for look in examine(start_of(ctx)):
        worst = max(worst, look.grade, key=list(Grade).index)
        click.echo(f"{marks[look.grade]} {look.what}: {one_line(look.seen)}")
        if look.way_out:
            click.echo(f"     help: {one_line(look.way_out)}")
    return Exit.FINDINGS if worst is Grade.BAD else Exit.CLEAN
