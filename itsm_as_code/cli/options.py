"""What commands share: the workspace, the clock, formats, colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from itsm_as_code.domain.instants import parse_instant

if TYPE_CHECKING:
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.render.style import Style


F = TypeVar("F", bound=Callable[..., Any])


FIRST_YEAR, END_YEAR = 1970, 2200
"""Clocks outside are slips of the hand, and would lead arithmetic with dates out of its range."""


class InstantType(click.ParamType[datetime]):
    """An RFC 3339 instant with an offset."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware datetime, or a usage error with the way out."""
        try:
            instant = parse_instant(value)
        except (ValueError, ArithmeticError) as fault:
            self.fail(f"{value!r}: {fault}", param, ctx)
        if not FIRST_YEAR <= instant.year < END_YEAR:
            self.fail(f"{value!r} is not between {FIRST_YEAR} and {END_YEAR}", param, ctx)
        return instant


at_option = click.option(
    "--at", type=InstantType(), metavar="INSTANT", help="The clock to judge by, e.g. 2026-11-21T08:00:00Z; default now."
)
when_option = click.option(
    "--when", type=InstantType(), metavar="INSTANT", help="When it happened, where that is not now."
)
push_option = click.option("--push", is_flag=True, help="Replay the edit on the newest base and push it.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, with the first as default."""
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help="Output format."
    )


def start_of(ctx: click.Context) -> Path:
    """The folder to work in: -C, or where one stands."""
    start: Path = ctx.obj["start"]
    return start


def workspace_of(ctx: click.Context, *, settings_may_fail: bool = False) -> Workspace:
    """The workspace to work in.

    Raises CouldNotCheck where itsm.yaml has faults, unless `settings_may_fail`: what would be computed from
    defaults in its place (priorities, zones, audiences) is not what the workspace says.
    """
    from itsm_as_code.app.workspace import find_workspace, require_settings

    workspace = find_workspace(start_of(ctx))
    if not settings_may_fail:
        require_settings(workspace)
    return workspace


def clock(at: datetime | None) -> datetime:
    """The instant to judge by: `--at`, or now."""
    from itsm_as_code.app.workspace import now

    return at or now()


def style_of(ctx: click.Context, stream: IO[str] | None = None) -> Style:
    """Colour or not for a stream: --color, NO_COLOR, TERM=dumb, a terminal or not."""
    from itsm_as_code.render.style import Style

    wish = ctx.obj["color"]
    if wish != "auto":
        return Style(wish == "always")
    allowed = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(allowed and (stream or sys.stdout).isatty())
