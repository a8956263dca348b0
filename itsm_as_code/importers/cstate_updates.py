"""Finds the updates in the text of a cState issue. Each has the time of its `track` shortcode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.importers.clean import text

if TYPE_CHECKING:
    from itsm_as_code.importers.loss import Losses
    from itsm_as_code.importers.stamp import Stamps

_TRACK = re.compile(r"\{\{[<%]\s*track\s+[\"'`]?([^\"'`>%}]*)[\"'`]?\s*[>%]\}\}")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?[\w-]+)[^{}]*[>%]\}\}")


@dataclass(frozen=True, slots=True)
class PageUpdate:
    """A piece of the text and when it was written, or None if the page does not say."""

    at: datetime | None
    text: str


def updates_of(body: str, stamps: Stamps, losses: Losses) -> list[PageUpdate]:
    """Returns the pieces in the order of the page. A `track` ends the piece above it."""
    updates: list[PageUpdate] = []
    start = 0
    for match in _TRACK.finditer(body):
        updates.append(PageUpdate(stamps.read(match[1].strip(), "track"), _clean(body[start : match.start()], losses)))
        start = match.end()
    updates.append(PageUpdate(None, _clean(body[start:], losses)))
    return [update for update in updates if update.text]


def _clean(piece: str, losses: Losses) -> str:
    for match in _SHORTCODE.finditer(piece):
        losses.noted("body", "A shortcode of Hugo: it is shown as it is written.", match[0])
    return text(piece, "body", losses).strip()
