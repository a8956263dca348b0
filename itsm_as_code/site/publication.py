"""Holds what the views of one site share: the visible records, the links between them, the instant, the texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

from itsm_as_code.domain.kinds.article import Article, ArticleState
from itsm_as_code.domain.kinds.base import External
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.kinds.types import NOBODY, ActiveState
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.site.address import href_of, href_of_team
from itsm_as_code.site.headings import without_title
from itsm_as_code.site.words import Link

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.article import Verification
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.kinds.ticket import Ticket
    from itsm_as_code.site.audience import VisibleRecords
    from itsm_as_code.site.markdown import Markdown, Text
    from itsm_as_code.site.sla_line import SlaLines

T = TypeVar("T", bound="Incident | Change | Problem")
R = TypeVar("R", bound="Record")


@dataclass
class Publication:
    """One site while it is built. `at` is the instant as of which it speaks. Nothing in it changes meanwhile.

    `verifications` maps articles to the newest verification that a person signed.
    """

    records: VisibleRecords
    markdown: Markdown
    at: datetime
    sla_lines: SlaLines = field(default_factory=dict)
    verifications: Mapping[str, Verification] = field(default_factory=dict)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """Services in force, by name."""
        return tuple(sorted(self._in_force(Service), key=lambda service: service.name.casefold()))

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Teams in force, by name."""
        return tuple(sorted(self._in_force(Team), key=lambda team: team.name.casefold()))

    def _in_force(self, model: type[R]) -> Iterable[R]:
        return (r for r in self.records.of(model) if getattr(r, "state", None) is ActiveState.ACTIVE)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Published articles, by title."""
        published = (a for a in self.records.of(Article) if a.state is ArticleState.PUBLISHED)
        return tuple(sorted(published, key=lambda article: (article.title.casefold(), article.id)))

    @cached_property
    def retired_articles(self) -> tuple[Article, ...]:
        """Retired articles, by id. They keep their address."""
        return tuple(a for a in self.records.of(Article) if a.state is ArticleState.RETIRED)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Incidents, newest first."""
        return _newest_first(self.records.of(Incident))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Changes, newest first."""
        return _newest_first(self.records.of(Change))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Problems, newest first."""
        return _newest_first(self.records.of(Problem))

    @cached_property
    def incidents_of(self) -> dict[str, list[Incident]]:
        """Maps a service to its incidents and to those that affect it, newest first."""
        return _by_service(self.incidents)

    @cached_property
    def changes_of(self) -> dict[str, list[Change]]:
        """Maps a service to its changes, newest first."""
        return _by_service(self.changes)

    @cached_property
    def articles_of(self) -> dict[str, list[Article]]:
        """Maps a service to the published articles about it, by title."""
        found: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles:
            for service in article.services:
                found[service].append(article)
        return found

    @cached_property
    def named_by(self) -> dict[str, list[str]]:
        """Maps an article to the published articles that name it as related, by title."""
        found: dict[str, list[str]] = defaultdict(list)
        for article in self.articles:
            for each in article.related:
                found[each].append(article.id)
        return found

    @cached_property
    def most_used_of(self) -> dict[str, list[Article]]:
        """Maps a service to the published articles about it; those that helped with most incidents come first."""
        return {
            service: sorted(found, key=lambda article: -self.uses[article.id])
            for service, found in self.articles_of.items()
        }

    @cached_property
    def needed_by(self) -> dict[str, list[Service]]:
        """Maps a service to the services that depend on it, by name."""
        found: dict[str, list[Service]] = defaultdict(list)
        for service in self.services:
            for each in service.depends_on:
                kind, _, slug = each.partition("/")
                if kind == "service":
                    found[slug].append(service)
        return found

    @cached_property
    def uses(self) -> Counter[str]:
        """Maps an article to the number of incidents that it helped with."""
        return Counter(article for incident in self.incidents for article in incident.articles)

    def is_open(self, ticket: Ticket) -> bool:
        """Returns whether work on the ticket continues: it is neither final nor resolved."""
        state = str(ticket.state)
        return state not in LIFECYCLES[ticket.KIND].final and state != "resolved"

    def note(self, text: str | None, record: Record) -> Markup:
        """Returns a text of a record as safe HTML, or empty if there is none."""
        if text is None:
            return Markup()
        return Markup(self.markdown.note(text, self.records.folder(record)).html)  # noqa: S704 - sanitised

    def article(self, article: Article) -> Text:
        """Renders the body of an article, without a first heading that repeats the title."""
        return self.markdown.article(without_title(article.body, article.title), self.records.folder(article))

    def link(self, model: type[R], record_id: str | None) -> Link | None:
        """Returns a link to the record's page, or None if it is absent or not for this audience."""
        record = self.records.get(model, record_id)
        return Link(record.label, href_of(record), record.id) if record is not None else None

    def links(self, model: type[R], ids: Iterable[str]) -> tuple[Link, ...]:
        """Returns links to those of the records that the audience may see."""
        return tuple(link for each in ids if (link := self.link(model, each)) is not None)

    def team(self, team_id: str | None) -> Link | None:
        """Returns a link to a team, or None."""
        team = self.records.get(Team, team_id)
        return Link(team.name, href_of_team(team.id)) if team is not None else None

    def person(self, actor: str | External | None) -> str | None:
        """Returns the name of the person who acted, or None if this audience may not read it."""
        if isinstance(actor, External):
            return actor.name if self.records.sees_callers else None
        if actor is None or actor == NOBODY:
            return None
        person = self.records.get(Person, actor)
        return person.name if person is not None else None

    def owner(self, reference: str | None) -> Link | None:
        """Returns a link to the owner of a record: `team/…` or `person/…`."""
        kind, _, slug = (reference or "").partition("/")
        if kind == "team":
            return self.team(slug)
        name = self.person(slug) if kind == "person" else None
        return Link(name) if name is not None else None


def _newest_first(tickets: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.id), reverse=True))


def _by_service(tickets: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for ticket in tickets:
        affected = (each.removeprefix("service/") for each in ticket.affects if each.startswith("service/"))
        for service in dict.fromkeys([*([ticket.service] if ticket.service else []), *affected]):
            found[service].append(ticket)
    return found
