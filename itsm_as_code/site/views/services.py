"""Shows services: how each one is, who owns it, what it needs, and everything known about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.asset import Asset
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.site.address import href, page_for
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.article import KnownError, just_me
from itsm_as_code.site.views.incidents import HOME, most_pressing_first
from itsm_as_code.site.views.knowledge import ArticleLine, article_line
from itsm_as_code.site.views.status import ServiceStatus, status_of
from itsm_as_code.site.views.tickets import Row, fact, facts, row, worded
from itsm_as_code.site.words import Fact, Link

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication

SECTION = Link("Services", href("services/index.html"))
RECENT = 10


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service's line in the list."""

    status: ServiceStatus
    tier: int
    owner: Link | None
    summary: str


@dataclass(frozen=True, slots=True)
class Group:
    """The services of one group, by name."""

    name: str
    lines: tuple[ServiceLine, ...]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One service."""

    id: str
    status: ServiceStatus
    upstream: tuple[ServiceStatus, ...]
    description: Markup
    facts: tuple[Fact, ...]
    articles: tuple[ArticleLine, ...]
    runbooks: tuple[Link, ...]
    requests: tuple[Link, ...]
    known_errors: tuple[KnownError, ...]
    open_incidents: tuple[Row, ...]
    past_incidents: tuple[Row, ...]
    coming_changes: tuple[Row, ...]
    past_changes: tuple[Row, ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the list and a page for each service."""
    statuses = {service.id: status_of(publication, service) for service in publication.services}
    ordered = sorted(publication.services, key=lambda s: (statuses[s.id].group == "Services", statuses[s.id].group))
    groups = tuple(
        Group(name, tuple(_line(publication, service, statuses) for service in found))
        for name, found in groupby(ordered, key=lambda s: statuses[s.id].group)
    )
    yield Page("services/index.html", "services.html", "Services", groups, "services", (HOME,))
    for service in publication.services:
        path = page_for(service)
        shown = view(publication, service, statuses)
        yield Page(path, "service.html", service.name, shown, "services", (HOME, SECTION))
    for service in publication.records.of(Service):
        if service.id not in statuses:
            yield from _retired(publication, service)


def _retired(publication: Publication, service: Service) -> Iterator[Page]:
    """Yields the pages of retired services. They keep their address, because tickets refer to them."""
    path = page_for(service)
    status = status_of(publication, service)
    yield Page(
        path,
        "service.html",
        service.name,
        view(publication, service, {service.id: status}),
        "services",
        (HOME, SECTION),
    )


def _line(publication: Publication, service: Service, statuses: dict[str, ServiceStatus]) -> ServiceLine:
    first = (service.description or "").strip().split("\n\n")[0]
    plain = publication.note(first or None, service).striptags()
    return ServiceLine(statuses[service.id], service.tier, publication.team(service.owner), plain)


def view(publication: Publication, service: Service, statuses: dict[str, ServiceStatus]) -> ServiceView:
    """Returns what the audience may see of a service."""
    incidents = publication.incidents_of.get(service.id, [])
    changes = publication.changes_of.get(service.id, [])
    still = [i for i in incidents if publication.is_open(i)]
    known = just_me(publication, (service.id,))
    coming = [c for c in changes if c.window and c.window.end > publication.at and publication.is_open(c)]
    needs = (each.removeprefix("service/") for each in service.depends_on)
    items = [i.id for i in publication.records.of(RequestItem) if i.service == service.id and str(i.state) == "active"]
    return ServiceView(
        id=service.id,
        status=statuses[service.id],
        upstream=tuple(s for each in needs if (s := statuses.get(each)) is not None and s.because),
        description=publication.note(service.description, service),
        facts=tuple(_facts(publication, service)),
        articles=tuple(article_line(publication, a) for a in publication.articles_of.get(service.id, ())),
        runbooks=publication.links(Article, service.runbooks),
        requests=publication.links(RequestItem, items),
        known_errors=known.known_errors,
        open_incidents=most_pressing_first(tuple(row(publication, i) for i in still)),
        past_incidents=tuple(row(publication, i) for i in incidents if i not in still)[:RECENT],
        coming_changes=tuple(row(publication, c) for c in reversed(coming)),
        past_changes=tuple(row(publication, c) for c in changes if c not in coming)[:RECENT],
    )


def _facts(publication: Publication, service: Service) -> Iterator[Fact]:
    needs = [each.removeprefix("service/") for each in service.depends_on if each.startswith("service/")]
    assets = [
        publication.records.get(Asset, e.removeprefix("asset/")) for e in service.depends_on if e.startswith("asset/")
    ]
    needed = tuple(link for s in publication.needed_by.get(service.id, ()) if (link := publication.link(Service, s.id)))
    hours = publication.records.get(Calendar, service.hours)
    if service.state != "active":
        yield Fact("State", "Retired: no longer offered")
    yield Fact("Tier", f"{service.tier} of 4" + (" (most critical)" if service.tier == 1 else ""))
    yield from fact("Owner", publication.team(service.owner))
    yield from worded("Offered", hours.name if hours else None)
    yield from facts("Depends on", publication.links(Service, needs))
    yield from worded("Assets", ", ".join(asset.name for asset in assets if asset is not None))
    yield from facts("Needed by", needed)
    yield from facts("Agreements", publication.links(Sla, service.slas))
    if service.support is not None:
        contact = service.support
        mail = (Link(contact.email, f"mailto:{contact.email}"),) if contact.email else ()
        page = (Link("Support page", contact.url),) if contact.url else ()
        phone = (Link(contact.phone, f"tel:{contact.phone.replace(' ', '')}"),) if contact.phone else ()
        yield from facts("Support", (*mail, *phone, *page))
