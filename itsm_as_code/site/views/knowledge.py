"""Shows knowledge: articles by letter, service and type, a page for each, and a tombstone for each retired one."""

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
"""Up to this many articles, one page holds the whole A–Z list. With more, each letter gets its own page."""


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article's line in a list. The filter searches in `words`."""

    title: str
    href: str
    summary: str
    type: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The articles whose title begins with a letter. `href` leads to them, on this page or on their own."""

    name: str
    href: str
    entries: tuple[ArticleLine, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeIndex:
    """The articles as readers look for them: A–Z, by service, by type."""

    total: int
    letters: tuple[Letter, ...]
    here: bool
    services: tuple[Link, ...]
    types: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ArticleList:
    """The articles of one letter or type."""

    entries: tuple[ArticleLine, ...]


def article_line(publication: Publication, article: Article) -> ArticleLine:
    """Returns the article's line in a list."""
    services = tuple(link.text for link in publication.links(Service, article.services))
    return ArticleLine(article.title, href_of(article), article.summary, words(article.type), services)


def letters(publication: Publication) -> tuple[Letter, ...]:
    """Returns all published articles by first letter; digits and other signs are under #."""
    found: dict[str, list[Article]] = defaultdict(list)
    for article in publication.articles:
        first = article.title[0].upper()
        found[first if "A" <= first <= "Z" else "#"].append(article)
    here = len(publication.articles) <= ON_ONE_PAGE
    return tuple(
        Letter(name, _letter_href(name, here), tuple(article_line(publication, a) for a in articles))
        for name, articles in sorted(found.items())
    )


def _letter_href(name: str, here: bool) -> str:
    slug = "other" if name == "#" else name.lower()
    return f"#letter-{slug}" if here else href(f"a-z/{slug}/index.html")


def popular(publication: Publication, number: int) -> tuple[ArticleLine, ...]:
    """Returns the articles that helped with most incidents."""
    ranked = sorted(publication.articles, key=lambda a: (-publication.uses[a.id], a.title.casefold()))
    return tuple(article_line(publication, a) for a in ranked[:number] if publication.uses[a.id])


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the index, the lists by letter (if there are many articles) and by type, and a page for each article."""
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
            yield Page(letter.href[2:], "shelf.html", title, ArticleList(letter.entries), "knowledge", (HOME, SECTION))
    for name in types:
        shown = ArticleList(tuple(article_line(publication, a) for a in publication.articles if words(a.type) == name))
        yield Page(
            f"types/{_slug(name)}/index.html",
            "shelf.html",
            f"Articles: {name}",
            shown,
            "knowledge",
            (HOME, SECTION),
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
