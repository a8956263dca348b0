"""Consent to write several records: the command names them first, and asks where somebody can answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.output import note
from itsm_as_code.domain.errors import Refused, UsageFault
from itsm_as_code.domain.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from itsm_as_code.app.writing.draft import Draft

MOST_NAMED = 20

yes_option = click.option("--yes", is_flag=True, help="Write to several records without asking.")


def for_several(*, named: bool, yes: bool) -> Callable[[Sequence[Draft]], None]:
    """Returns a function that is called before drafts are written. If there are several, it names them and asks.

    `named` means that the records were named one by one and not selected by a condition. A script that gives two ids
    may have meant one, so without a terminal they need `--yes`; a condition means many records on purpose.
    """

    def agree(drafts: Sequence[Draft]) -> None:
        if len(drafts) < 2:
            return
        note(f"this writes to {counted(len(drafts), 'record')}:")
        for draft in drafts[:MOST_NAMED]:
            note(f"  {draft.path}: {draft.words}")
        if len(drafts) > MOST_NAMED:
            note(f"  … and {len(drafts) - MOST_NAMED} more (--dry-run shows all)")
        if not yes:
            _ask(named=named)

    return agree


def _ask(*, named: bool) -> None:
    """Asks, and raises Refused or UsageFault unless somebody agrees."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        if not click.confirm("Write to all of them?", default=False, err=True):
            raise Refused("nothing was written", hint="name one record, or agree beforehand with --yes")
    elif named:
        raise UsageFault(
            "several records are named and nobody can be asked, so nothing was written",
            hint="--yes writes to all of them; `itsm new … --format id` gives a script the one id that it made",
        )
