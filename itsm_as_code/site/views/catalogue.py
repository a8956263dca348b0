"""Shows the request catalogue: what people may ask for, who decides, and who fulfils it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.request_item import FieldType, RequestItem
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.domain.kinds.types import ActiveState
from itsm_as_code.site.address import href, href_of, page_for
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.views.tickets import fact, facts
from itsm_as_code.site.words import Fact, Link, words

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.policy import Seat
    from itsm_as_code.domain.kinds.request_item import FormField
    from itsm_as_code.site.publication import Publication

_ANSWERS = {FieldType.YES_NO: "Yes or no", FieldType.LONG_TEXT: "Text of several lines"}
SECTION = Link("Requests", href("catalogue/index.html"))


@dataclass(frozen=True, slots=True)
class Category:
    """The items of one category."""

    name: str
    items: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of the form."""

    label: str
    answer: str
    required: bool
    help: Markup


@dataclass(frozen=True, slots=True)
class ItemView:
    """One request item."""

    id: str
    description: Markup
    questions: tuple[FormQuestion, ...]
    decides: tuple[str, ...]
    steps: tuple[str, ...]
    facts: tuple[Fact, ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the catalogue and a page for each item in force."""
    items = [item for item in publication.records.of(RequestItem) if item.state is ActiveState.ACTIVE]
    by_category: dict[str, list[Link]] = defaultdict(list)
    for item in sorted(items, key=lambda i: i.title.casefold()):
        first = (item.description or "").strip().split("\n\n")[0]
        plain = publication.note(first or None, item).striptags()
        by_category[item.category or "Other"].append(Link(item.title, href_of(item), plain))
    categories = tuple(Category(name, tuple(found)) for name, found in sorted(by_category.items()))
    yield Page("catalogue/index.html", "catalogue.html", "Request something", categories, "catalogue", (HOME,))
    for item in publication.records.of(RequestItem):
        path = page_for(item)
        yield Page(path, "request-item.html", item.title, _view(publication, item), "catalogue", (HOME, SECTION))


def _view(publication: Publication, item: RequestItem) -> ItemView:
    inside = publication.records.sees_notes
    return ItemView(
        id=item.id,
        description=publication.note(item.description, item),
        questions=tuple(
            FormQuestion(f.label, _answer(f), f.required, publication.note(f.help, item)) for f in item.fields
        ),
        decides=tuple(_seat(publication, seat) for seat in item.seats) if inside else (),
        steps=item.fulfilment_steps if inside else (),
        facts=tuple(_facts(publication, item)),
    )


def _answer(field: FormField) -> str:
    """Returns in words what a question takes."""
    if field.choices:
        return ("Any of: " if field.type is FieldType.CHOICES else "One of: ") + ", ".join(field.choices)
    if field.type is FieldType.RECORD:
        return f"One of our records: {words(field.records or 'record').lower()}"
    return _ANSWERS.get(field.type, words(field.type))


def _seat(publication: Publication, seat: Seat) -> str:
    teams = [link.text for each in seat.teams if (link := publication.team(each)) is not None]
    people = [name for each in seat.people if (name := publication.person(each)) is not None]
    roles = [f"somebody with the role {words(role).lower()}" for role in seat.roles]
    owner = ["the service's owner team"] if seat.owner_team else []
    who = " or ".join([*people, *teams, *roles, *owner]) or "people who are not named here"
    return f"{seat.count} of {who}" if seat.count > 1 else who


def _facts(publication: Publication, item: RequestItem) -> Iterator[Fact]:
    if item.state is not ActiveState.ACTIVE:
        yield Fact("State", "Retired: no longer offered")
    yield from fact("Service", publication.link(Service, item.service))
    yield from fact("Fulfilled by", publication.team(item.team))
    yield from fact("Agreement", publication.link(Sla, item.sla))
    yield from facts("Articles", publication.links(Article, item.articles))
