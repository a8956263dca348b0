"""Shows the front page: how services are, what is coming, and the way to every article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.changes import FreezeView, freezes, upcoming
from itsm_as_code.site.views.knowledge import ArticleLine, Letter, letters, popular
from itsm_as_code.site.views.status import ServiceStatus, StatusLevel, shown_on_status_page, status_of
from itsm_as_code.site.views.tickets import Row, ShownEntry, latest, row, timeline
from itsm_as_code.site.words import Badge, BadgeTone, count

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication

MOST = 8
A_TO_Z = 150
"""The front page lists all articles if there are at most this many."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident with the newest words about it."""

    row: Row
    latest: ShownEntry | None


@dataclass(frozen=True, slots=True)
class Home:
    """The front page."""

    headline: Badge
    troubled: tuple[ServiceStatus, ...]
    fine: tuple[ServiceStatus, ...]
    pressing: tuple[OpenIncident, ...]
    other_open: int
    changes: tuple[Row, ...]
    freezes: tuple[FreezeView, ...]
    popular: tuple[ArticleLine, ...]
    letters: tuple[Letter, ...]
    list_all: bool
    articles: int


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the front page."""
    yield Page("index.html", "home.html", publication.records.settings.name, _view(publication), "home")


def _view(publication: Publication) -> Home:
    statuses = [status_of(publication, s) for s in publication.services if shown_on_status_page(s)]
    troubled = tuple(sorted((s for s in statuses if s.level < StatusLevel.FINE), key=lambda s: (s.level, s.name)))
    opened = [i for i in publication.incidents if publication.is_open(i)]
    pressing = [i for i in opened if i.major is not None or str(i.current("priority")) in ("P1", "P2")]
    pressing.sort(key=lambda i: (i.major is None, str(i.current("priority"))))
    shown = (pressing or opened)[:MOST]
    return Home(
        headline=_headline(troubled),
        troubled=troubled,
        fine=tuple(s for s in statuses if s.level is StatusLevel.FINE),
        pressing=tuple(_open(publication, i) for i in shown),
        other_open=len(opened) - len(shown),
        changes=tuple(row(publication, c) for c in upcoming(publication)[:MOST]),
        freezes=tuple(freezes(publication))[:2],
        popular=popular(publication, 6),
        letters=letters(publication),
        list_all=len(publication.articles) <= A_TO_Z,
        articles=len(publication.articles),
    )


def _open(publication: Publication, incident: Incident) -> OpenIncident:
    return OpenIncident(row(publication, incident), latest(timeline(publication, incident)))


def _headline(troubled: tuple[ServiceStatus, ...]) -> Badge:
    disturbed = [s for s in troubled if s.level is not StatusLevel.MAINTENANCE]
    if not troubled:
        return Badge("No known problems", BadgeTone.OK)
    if not disturbed:
        return Badge(f"{count(len(troubled), 'service')} under maintenance", BadgeTone.HOLD)
    tone = BadgeTone.BAD if disturbed[0].level is StatusLevel.MAJOR else BadgeTone.WARN
    return Badge(f"{count(len(disturbed), 'service has', 'services have')} problems", tone)
