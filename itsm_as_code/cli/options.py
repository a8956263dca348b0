"""Options that commands share: the workspace, the clock, formats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from itsm_as_code.domain.instants import parse_instant

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout


F = TypeVar("F", bound=Callable[..., Any])


FIRST_YEAR, END_YEAR = 1970, 2200
"""Instants outside this range are typing errors, and date arithmetic with them would fail."""


class InstantType(click.ParamType[datetime]):
    """An option with an RFC 3339 instant that has an offset."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Returns the aware datetime, or fails with a usage error that says what to do."""
        try:
            instant = parse_instant(value)
        except (ValueError, ArithmeticError) as fault:
            self.fail(f"{value!r}: {fault}", param, ctx)
        if not FIRST_YEAR <= instant.year < END_YEAR:
            self.fail(f"{value!r} is not between {FIRST_YEAR} and {END_YEAR}", param, ctx)
        return instant


at_option = click.option(
    "--at", type=InstantType(), metavar="INSTANT", help="The time that counts as now, e.g. 2026-11-21T08:00:00Z."
)
when_option = click.option(
    "--when", type=InstantType(), metavar="INSTANT", help="When it happened, if that was not now."
)
push_option = click.option("--push", is_flag=True, help="Replay the edit on the newest base and push it.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")


def format_option(*formats: str) -> Callable[[F], F]:
    """Adds `--format`, with the first format as default."""
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help="Output format."
    )


def start_of(ctx: click.Context) -> Path:
    """Returns the folder to work in: that of -C, or the current one."""
    start: Path = ctx.obj["start"]
    return start


def checkout_of(ctx: click.Context, at: datetime | None = None, *, settings_may_fail: bool = False) -> Checkout:
    """Returns the checkout at the instant `at` (now by default). It is opened once for a command, and closed after it.

    Raises CouldNotCheck if itsm.yaml has faults, unless `settings_may_fail`: otherwise priorities, zones and
    audiences would be computed from defaults, which are not what the workspace says.
    """
    from itsm_as_code.app.checkout.workspace import open_checkout

    checkout: Checkout | None = ctx.obj.get("checkout")
    if checkout is None:
        checkout = ctx.obj["checkout"] = open_checkout(start_of(ctx), at)
        ctx.find_root().call_on_close(checkout.close)
    if not settings_may_fail:
        checkout.require_settings()
    return checkout
