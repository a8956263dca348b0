"""Shows problems. The known errors come first, because they have a workaround."""

from __future__ import annotations

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
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.views.tickets import Clock, Row, ShownEntry, clocks, fact, facts, row, timeline, worded
from itsm_as_code.site.words import Badge, BadgeTone, Fact, Link, words

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication

SECTION = Link("Problems", href("problems/index.html"))
KNOWN_ERROR = Badge("Known error", BadgeTone.INFO)


@dataclass(frozen=True, slots=True)
class ProblemList:
    """The known errors that are still open, other open problems, and closed ones."""

    known_errors: tuple[Row, ...]
    open: tuple[Row, ...]
    closed: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem."""

    id: str
    badges: tuple[Badge, ...]
    description: Markup
    workaround: Markup
    root_cause: Markup
    resolution: Markup
    resolution_code: str
    facts: tuple[Fact, ...]
    timeline: tuple[ShownEntry, ...]
    clocks: tuple[Clock, ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the list and a page for each problem."""
    still = [p for p in publication.problems if publication.is_open(p)]
    known = [p for p in still if p.known_error]
    overview = ProblemList(
        known_errors=tuple(row(publication, p) for p in known),
        open=tuple(row(publication, p) for p in still if p not in known),
        closed=tuple(row(publication, p) for p in publication.problems if p not in still),
    )
    yield Page("problems/index.html", "problems.html", "Known errors and problems", overview, "problems", (HOME,))
    for problem in publication.problems:
        path = page_for(problem)
        yield Page(path, "problem.html", problem.title, view(publication, problem), "problems", (HOME, SECTION))


def view(publication: Publication, problem: Problem) -> ProblemView:
    """Returns what the audience may see of a problem."""
    inside = publication.records.sees_notes
    line = row(publication, problem)
    resolution = problem.resolution if inside else None
    return ProblemView(
        id=problem.id,
        badges=(line.state, *((KNOWN_ERROR,) if problem.known_error else ()), *line.badges),
        description=publication.note(problem.description if inside else None, problem),
        workaround=publication.note(problem.workaround if inside else None, problem),
        root_cause=publication.note(problem.root_cause if inside else None, problem),
        resolution=publication.note(resolution.summary if resolution else None, problem),
        resolution_code=words(resolution.code) if resolution else "",
        facts=tuple(_facts(publication, problem)),
        timeline=timeline(publication, problem),
        clocks=clocks(publication, problem),
    )


def _facts(publication: Publication, problem: Problem) -> Iterator[Fact]:
    affected = [each.removeprefix("service/") for each in problem.affects if each.startswith("service/")]
    behind = [i.id for i in publication.incidents if i.problem == problem.id and i.id not in problem.incidents]
    yield from fact("Service", publication.link(Service, problem.service))
    yield from facts("Also affects", publication.links(Service, affected))
    yield Fact("Opened", at=problem.opened_at)
    yield from facts("Incidents", publication.links(Incident, [*problem.incidents, *behind]))
    yield from facts("Changes", publication.links(Change, problem.changes))
    yield from facts("Articles", publication.links(Article, problem.articles))
    if publication.records.sees_notes:
        yield from fact("Team", publication.team(problem.current("team")))
        yield from worded("Assignee", publication.person(problem.current("assignee")))
