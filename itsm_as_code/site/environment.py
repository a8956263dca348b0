"""The Jinja environment: everything escaped, nothing undefined, no template ever made from a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.site import moments
from itsm_as_code.site.words import count

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment

    from itsm_as_code.site.moments import Moments

SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
"""The Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""


def environment(loader: BaseLoader, clock: Moments) -> Environment:
    """An environment whose filters write instants in the zone of `clock`."""
    from jinja2 import Environment, StrictUndefined

    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        when=clock.when,
        clock=clock.clock,
        local_day=lambda instant: moments.day(clock.day_of(instant)),
        day=moments.day,
    )
    made.globals.update(between=clock.between, count=count)
    return made
