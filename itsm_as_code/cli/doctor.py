"""`itsm doctor`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import start_of
from itsm_as_code.cli.output import show
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm doctor
  itsm -C ../records doctor
"""


@click.command("doctor", epilog=EPILOG)
@click.pass_context
def doctor_command(ctx: click.Context) -> int:
    """Check whether everything that itsm needs is in order."""
    from itsm_as_code.app.setup.doctor import Grade, examine
    from itsm_as_code.render.line import bad, hint, line, warm

    marks = {Grade.GOOD: hint("ok  "), Grade.WEAK: warm("weak"), Grade.BAD: bad("bad ")}
    worst = Grade.GOOD
    for look in examine(start_of(ctx)):
        worst = max(worst, look.grade, key=list(Grade).index)
        show(line(marks[look.grade], f" {look.what}: {look.seen}", hang=5))
        if look.way_out:
            show(line(f"     help: {look.way_out}", hang=11))
    return Exit.FINDINGS if worst is Grade.BAD else Exit.CLEAN
