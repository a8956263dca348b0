"""Shows one article: its text, its owner, how far it can be trusted, and whether others have the problem too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.site.address import href_of
from itsm_as_code.site.moments import after
from itsm_as_code.site.views.changes import COMING
from itsm_as_code.site.views.incidents import most_pressing_first
from itsm_as_code.site.views.tickets import Row, row
from itsm_as_code.site.words import Badge, Link, badge, count, words

if TYPE_CHECKING:
    from itsm_as_code.site.headings import Heading
    from itsm_as_code.site.publication import Publication

NEAR = 4
"""If the author names no related articles, at most this many others are named."""

SOON = 7
"""An article names the changes of its services that begin within this many days."""


@dataclass(frozen=True, slots=True)
class KnownError:
    """A problem with a workaround."""

    link: Link
    workaround: Markup


@dataclass(frozen=True, slots=True)
class JustMe:
    """What is wrong with the article's services now, so that readers see whether others have the problem too."""

    services: tuple[Link, ...]
    incidents: tuple[Row, ...]
    known_errors: tuple[KnownError, ...]
    changes: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article."""

    id: str
    type: str
    summary: str
    confidence: Badge | None
    html: Markup
    headings: tuple[Heading, ...]
    symptoms: tuple[str, ...]
    environment: tuple[str, ...]
    error_codes: tuple[str, ...]
    cause: Markup
    owner: Link | None
    verified_on: date | None
    verified_by: str | None
    review_by: date | None
    review_every: str
    review_due: bool
    services: tuple[Link, ...]
    related: tuple[Link, ...]
    problem: Link | None
    links: tuple[Link, ...]
    helped: str
    just_me: JustMe


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A retired article, with the article that replaced it."""

    id: str
    successor: Link | None
    service: tuple[Link, ...]


def tombstone(publication: Publication, article: Article) -> Tombstone:
    successor = publication.link(Article, article.replaced_by)
    return Tombstone(article.id, successor, publication.links(Service, article.services))


def view(publication: Publication, article: Article) -> ArticleView:
    """Returns what readers see of an article."""
    text = publication.article(article)
    verified = publication.verifications.get(article.id)
    due = review_day(article, (verified.date,) if verified else ())
    uses = publication.uses[article.id]
    return ArticleView(
        id=article.id,
        type=words(article.type),
        summary=article.summary,
        confidence=badge(article.confidence) if article.confidence is not None else None,
        html=Markup(text.html),  # noqa: S704 - sanitised
        headings=tuple(h for h in text.headings if h.level <= 3),
        symptoms=article.symptoms,
        environment=article.environment,
        error_codes=article.error_codes,
        cause=publication.note(article.cause, article),
        owner=publication.owner(article.owner),
        verified_on=verified.date if verified else None,
        verified_by=publication.person(verified.by) if verified else None,
        review_by=due,
        review_every=str(article.review_every) if article.review_every is not None and due is None else "",
        review_due=due is not None and due < publication.at.date(),
        services=publication.links(Service, article.services),
        related=publication.links(Article, _related(publication, article)),
        problem=publication.link(Problem, article.problem),
        links=tuple(Link(link.label, link.url) for link in article.links),
        helped=f"Helped with {count(uses, 'incident')}" if uses else "",
        just_me=just_me(publication, article.services),
    )


def review_day(article: Article, signed: Sequence[date] | None = None) -> date | None:
    """Returns the last day on which the article counts as reviewed, or None if nobody promised a review.

    This is `review_by`, or else the newest verification plus `review_every`. `signed` are the days of the verifications
    that count; without it, those that the record names count.
    """
    if article.review_by is not None:
        return article.review_by
    days = [each.date for each in article.verified] if signed is None else signed
    if article.review_every is None or not days:
        return None
    return after(max(days), article.review_every)


def _related(publication: Publication, article: Article) -> Iterable[str]:
    """Returns the articles that name each other. If there are none, returns the most used others of the same
    services."""
    named = [*article.related, *publication.named_by.get(article.id, ())]
    if named:
        return dict.fromkeys(named)
    near = (a for service in article.services for a in publication.most_used_of.get(service, ())[: NEAR + 1])
    return list(dict.fromkeys(a.id for a in near if a is not article))[:NEAR]


def just_me(publication: Publication, service_ids: Iterable[str]) -> JustMe:
    """Returns the open incidents, known errors and coming changes of these services."""
    ids = list(service_ids)
    incidents = {i.id: i for s in ids for i in publication.incidents_of.get(s, ()) if publication.is_open(i)}
    problems = [p for p in publication.problems if p.service in ids and p.known_error and publication.is_open(p)]
    changes = {c.id: c for s in ids for c in publication.changes_of.get(s, ()) if _near(publication, c)}
    inside = publication.records.sees_notes
    return JustMe(
        services=publication.links(Service, ids),
        incidents=most_pressing_first(tuple(row(publication, i) for i in incidents.values())),
        known_errors=tuple(_known_error(publication, p) for p in problems) if inside else (),
        changes=tuple(row(publication, c) for c in changes.values()),
    )


def _known_error(publication: Publication, problem: Problem) -> KnownError:
    return KnownError(Link(problem.title, href_of(problem), problem.id), publication.note(problem.workaround, problem))


def _near(publication: Publication, change: Change) -> bool:
    window = change.window
    if change.state not in COMING or window is None:
        return False
    return window.end > publication.at and (window.start - publication.at).days < SOON
