"""Knowledge: articles by letter, service and type; a page for each; a tombstone for each retired one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.article import Article
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.site.address import href, href_of, page_for
from itsm_as_code.site.page import Page
from itsm_as_code.site.views.article import ArticleView, Tombstone, tombstone, view
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.words import Link, count, words

if TYPE_CHECKING:
    from itsm_as_code.site.publication import Publication

SECTION = Link("Knowledge", href("knowledge/index.html"))
ON_ONE_PAGE = 400
"""Articles up to which the whole A–Z list stands on one page; beyond, each letter gets its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article's line in a list. `words` are what the filter looks in."""

    title: str
    href: str
    summary: str
    type: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The articles whose title begins with a letter. `href` leads to them, on this page or their own."""

    name: str
    href: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeIndex:
    """The articles as one finds them: A–Z, by service, by type."""

    total: int
    letters: tuple[Letter, ...]
    here: bool
    services: tuple[Link, ...]
    types: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Articles of one letter or type."""

    entries: tuple[Entry, ...]


def entry(publication: Publication, article: Article) -> Entry:
    """The article's line in a list."""
    services = tuple(link.text for link in publication.links(Service, article.services))
    return Entry(article.title, href_of(article), article.summary, words(article.type), services)


def letters(publication: Publication) -> tuple[Letter, ...]:
    """All published articles by first letter; digits and other signs under #."""
    found: dict[str, list[Article]] = defaultdict(list)
    for article in publication.articles:
        first = article.title[0].upper()
        found[first if "A" <= first <= "Z" else "#"].append(article)
    here = len(publication.articles) <= ON_ONE_PAGE
    return tuple(
        Letter(name, _letter_href(name, here), tuple(entry(publication, a) for a in articles))
        for name, articles in sorted(found.items())
    )


def _letter_href(name: str, here: bool) -> str:
    slug = "other" if name == "#" else name.lower()
    return f"#letter-{slug}" if here else href(f"a-z/{slug}/index.html")


def popular(publication: Publication, number: int) -> tuple[Entry, ...]:
    """The articles that helped with most incidents."""
    ranked = sorted(publication.articles, key=lambda a: (-publication.uses[a.id], a.title.casefold()))
    return tuple(entry(publication, a) for a in ranked[:number] if publication.uses[a.id])


def pages(publication: Publication) -> Iterator[Page]:
    """The index, lists by letter (where there are many) and type, and a page for each article."""
    found = letters(publication)
    types = Counter(words(article.type) for article in publication.articles)
    index = KnowledgeIndex(
        total=len(publication.articles),
        letters=found,
        here=len(publication.articles) <= ON_ONE_PAGE,
        services=tuple(_service_links(publication)),
        types=tuple(
            Link(name, href(f"types/{_slug(name)}/index.html"), count(n, "article"))
            for name, n in sorted(types.items())
        ),
    )
    yield Page("knowledge/index.html", "knowledge.html", "Knowledge", index, "knowledge", (HOME,))
    if not index.here:
        for letter in found:
            title = f"Articles: {letter.name}"
            yield Page(letter.href[2:], "shelf.html", title, Shelf(letter.entries), "knowledge", (HOME, SECTION))
    for name in types:
        shelf = Shelf(tuple(entry(publication, a) for a in publication.articles if words(a.type) == name))
        yield Page(
            f"types/{_slug(name)}/index.html", "shelf.html", f"Articles: {name}", shelf, "knowledge", (HOME, SECTION)
        )
    yield from _article_pages(publication)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _service_links(publication: Publication) -> Iterator[Link]:
    for service in publication.services:
        found = publication.articles_of.get(service.id)
        if found:
            yield Link(service.name, f"{href_of(service)}#articles", count(len(found), "article"))


def _article_pages(publication: Publication) -> Iterator[Page]:
    for article in [*publication.articles, *publication.retired_articles]:
        path = page_for(article)
        if article in publication.retired_articles:
            shown: ArticleView | Tombstone = tombstone(publication, article)
            template = "tombstone.html"
        else:
            shown, template = view(publication, article), "article.html"
        yield Page(path, template, article.title, shown, "knowledge", (HOME, SECTION), article.summary)
