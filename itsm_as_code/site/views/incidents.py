"""Shows incidents: the open ones, those of each month, and a page for each incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.site.address import href, page_for
from itsm_as_code.site.moments import month
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.tickets import Clock, Row, ShownEntry, clocks, fact, facts, latest, row, timeline, worded
from itsm_as_code.site.words import Badge, Fact, Link, count, words

if TYPE_CHECKING:
    from datetime import date

    from itsm_as_code.domain.kinds.incident import PostIncidentReview
    from itsm_as_code.site.publication import Publication

RECENT = 20
HOME = Link("Home", href("index.html"))
SECTION = Link("Incidents", href("incidents/index.html"))


@dataclass(frozen=True, slots=True)
class IncidentList:
    """The open incidents, those resolved lately, and links to the months before."""

    open: tuple[Row, ...]
    recent: tuple[Row, ...]
    months: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The incidents of one month, newest first."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a review decided to do."""

    title: str
    owner: Link | None
    due: date | None
    done: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What was learnt from an incident."""

    summary: Markup
    factors: tuple[Markup, ...]
    went_well: tuple[Markup, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident."""

    id: str
    badges: tuple[Badge, ...]
    latest: ShownEntry | None
    open: bool
    description: Markup
    workaround: Markup
    resolution: Markup
    resolution_code: str
    facts: tuple[Fact, ...]
    timeline: tuple[ShownEntry, ...]
    clocks: tuple[Clock, ...]
    review: Review | None


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the list, a page for each month, and a page for each incident."""
    rows = {incident.id: row(publication, incident) for incident in publication.incidents}
    by_month: dict[str, list[Row]] = defaultdict(list)
    for each in rows.values():
        by_month[f"{each.id[4:8]}-{each.id[8:10]}"].append(each)
    months = [
        Link(month(key), href(f"incidents/{key}/index.html"), count(len(found), "incident"))
        for key, found in by_month.items()
    ]
    is_open = {incident.id: publication.is_open(incident) for incident in publication.incidents}
    done = tuple(rows[each] for each, still in is_open.items() if not still)
    opened = tuple(rows[each] for each, still in is_open.items() if still)
    overview = IncidentList(most_pressing_first(opened), done[:RECENT], tuple(months))
    yield Page("incidents/index.html", "incidents.html", "Incidents", overview, "incidents", (HOME,))
    for key, found in by_month.items():
        title = f"Incidents in {month(key)}"
        yield Page(
            f"incidents/{key}/index.html",
            "incident-month.html",
            title,
            Month(tuple(found)),
            "incidents",
            (HOME, SECTION),
        )
    for incident in publication.incidents:
        yield _page(publication, incident)


def most_pressing_first(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Returns major incidents first, then the others by priority. Among equals the order stays."""
    return tuple(sorted(rows, key=lambda each: tuple(b.text != "Major" and b.text for b in each.badges)))


def _page(publication: Publication, incident: Incident) -> Page:
    path = page_for(incident)
    return Page(path, "incident.html", incident.title, view(publication, incident), "incidents", (HOME, SECTION))


def view(publication: Publication, incident: Incident) -> IncidentView:
    """Returns what the audience may see of an incident."""
    inside = publication.records.sees_notes
    line, moments = row(publication, incident), timeline(publication, incident)
    resolution = incident.resolution if inside else None
    return IncidentView(
        id=incident.id,
        badges=(line.state, *line.badges),
        latest=latest(moments),
        open=publication.is_open(incident),
        description=publication.note(incident.description if inside else None, incident),
        workaround=publication.note(incident.workaround if inside else None, incident),
        resolution=publication.note(resolution.summary if resolution else None, incident),
        resolution_code=words(resolution.code) if resolution else "",
        facts=tuple(_facts(publication, incident)),
        timeline=moments,
        clocks=clocks(publication, incident),
        review=_review(publication, incident, incident.post_incident_review) if inside else None,
    )


def _facts(publication: Publication, incident: Incident) -> Iterator[Fact]:
    affected = [each.removeprefix("service/") for each in incident.affects if each.startswith("service/")]
    yield from fact("Service", publication.link(Service, incident.service))
    yield from facts("Also affects", publication.links(Service, affected))
    if incident.started_at is not None:
        yield Fact("Began", at=incident.started_at)
    if incident.detected_at is not None:
        yield Fact("Noticed", at=incident.detected_at)
    yield Fact("Reported", at=incident.opened_at)
    yield from fact("Problem", publication.link(Problem, incident.problem))
    yield from fact("Caused by", publication.link(Change, incident.caused_by))
    yield from fact("Part of", publication.link(Incident, incident.parent))
    yield from fact("Same as", publication.link(Incident, incident.duplicate_of))
    yield from facts("Articles", publication.links(Article, incident.articles))
    if publication.records.sees_notes:
        yield from _inside(publication, incident)


def _inside(publication: Publication, incident: Incident) -> Iterator[Fact]:
    """Yields the facts that the public does not see."""
    yield from fact("Team", publication.team(incident.current("team")))
    yield from worded("Assignee", publication.person(incident.current("assignee")))
    if incident.major is not None:
        yield from worded("Commander", publication.person(incident.major.commander))
        yield from worded("Communications", publication.person(incident.major.communications_lead))
    yield from worded("Reported by", publication.person(incident.requester))
    yield from worded("Channel", words(incident.channel) if incident.channel else None)
    yield from worded("Category", " · ".join(filter(None, (incident.category, incident.subcategory))))


def _review(publication: Publication, incident: Incident, review: PostIncidentReview | None) -> Review | None:
    if review is None:
        return None
    today = publication.at.date()
    return Review(
        summary=publication.note(review.summary, incident),
        factors=tuple(publication.note(each, incident) for each in review.contributing_factors),
        went_well=tuple(publication.note(each, incident) for each in review.went_well),
        actions=tuple(
            Action(
                a.title,
                publication.owner(a.owner),
                a.due,
                a.done,
                a.done is None and a.due is not None and a.due < today,
            )
            for a in review.actions
        ),
    )
