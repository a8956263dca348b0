"""Shows teams: what each owns, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.site.address import TEAMS
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.words import Link

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.team import Team
    from itsm_as_code.site.publication import Publication


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person in a team."""

    name: str
    title: str
    on_call: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """One team."""

    id: str
    name: str
    description: Markup
    members: tuple[TeamMember, ...]
    services: tuple[Link, ...]
    articles: tuple[Link, ...]
    contacts: tuple[Link, ...]
    parents: tuple[Link, ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields one page with all teams in force."""
    shown = tuple(_view(publication, team) for team in publication.teams)
    yield Page(TEAMS, "teams.html", "Teams", shown, "teams", (HOME,))


def _view(publication: Publication, team: Team) -> TeamView:
    from itsm_as_code.domain.kinds.article import Article

    owned = [service.id for service in publication.services if service.owner == team.id]
    articles = [article.id for article in publication.articles if article.owner == f"team/{team.id}"]
    return TeamView(
        id=team.id,
        name=team.name,
        description=publication.note(team.description, team),
        members=tuple(_members(publication, team)),
        services=publication.links(Service, owned),
        articles=publication.links(Article, articles),
        contacts=tuple(_contacts(team)),
        parents=tuple(link for each in team.parents if (link := publication.team(each)) is not None),
    )


def _members(publication: Publication, team: Team) -> Iterator[TeamMember]:
    shifts = team.on_call.shifts if team.on_call is not None else ()
    on_call = {s.person for s in shifts if s.from_ <= publication.at < s.until}
    for each in team.members:
        person = publication.records.get(Person, each)
        if person is not None:
            yield TeamMember(person.name, person.title or "", each in on_call)


def _contacts(team: Team) -> Iterator[Link]:
    if team.contact is None:
        return
    if team.contact.email:
        yield Link(team.contact.email, f"mailto:{team.contact.email}")
    if team.contact.phone:
        yield Link(team.contact.phone, f"tel:{team.contact.phone.replace(' ', '')}")
    if team.contact.chat:
        yield Link("Chat", team.contact.chat)
