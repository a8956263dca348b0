"""Shows the page about the site: for whom it was built, as of when, and what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.site.page import Page
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.words import words

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication


@dataclass(frozen=True, slots=True)
class About:
    """What the site says about itself. There is no build time, so that unchanged records give the same bytes."""

    workspace: str
    audience: str
    zone: str
    counts: tuple[tuple[str, int], ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the page about the site."""
    settings = publication.records.settings
    counts = (
        ("Services", len(publication.services)),
        ("Articles", len(publication.articles)),
        ("Incidents", len(publication.incidents)),
        ("Changes", len(publication.changes)),
        ("Problems", len(publication.problems)),
        ("Teams", len(publication.teams)),
    )
    shown = About(settings.id, words(publication.records.audience), settings.time_zone, counts)
    yield Page("about/index.html", "about.html", "About this site", shown, "about", (HOME,))
