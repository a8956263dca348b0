"""Reads a folder of Markdown pages (Hugo, MkDocs, docsify or none of them). They become knowledge articles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.ids import is_slug
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.importers.clean import line, slug, text
from itsm_as_code.importers.draft import Files, Harvest, ImportedRecord, Options
from itsm_as_code.importers.front_matter import Page, read_page
from itsm_as_code.importers.links import Links
from itsm_as_code.importers.loss import Losses
from itsm_as_code.importers.mapping import SourceMapping, Words, source_mapping
from itsm_as_code.importers.markdown_body import rewritten
from itsm_as_code.importers.parties import Parties
from itsm_as_code.importers.prose import first_heading, first_sentence
from itsm_as_code.importers.valid_drafts import valid_drafts

if TYPE_CHECKING:
    from itsm_as_code.domain.edit import Plain

MARKDOWN = Words(system="markdown", choices={}, defaults={})
_PAGE = re.compile(r"\.(md|markdown|mdown)$", re.IGNORECASE)
_FOLDER_PAGES = ("_index", "index", "readme")
_NOT_PAGES = re.compile(r"(^|/)_(sidebar|navbar|coverpage|footer|404)\.", re.IGNORECASE)
_CONTENT_FOLDERS = ("content", "docs", "doc", "src", "pages")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_READ = ("title", "summary", "description", "tags", "categories", "keywords", "services", "service", "draft", "type")
_TYPES = ("how_to", "faq", "runbook", "reference", "policy", "announcement")


def read(files: Files, options: Options, mapping: object = None) -> Harvest:
    """Returns articles from a folder. `mapping` is a parsed mapping file.

    Raises CouldNotCheck if the folder has no Markdown, and UsageFault for an owner that the workspace does not
    have.
    """
    losses = Losses()
    words = source_mapping(mapping, MARKDOWN)
    paths = [path for path in sorted(files.texts) if _PAGE.search(path)]
    if not paths:
        raise CouldNotCheck("There is no Markdown in the folder.", hint="Its files must end in .md or .markdown.")
    pages = []
    for path in paths:
        if _NOT_PAGES.search(path):
            losses.dropped("file", "A part of the site, such as its menu, not a page.", path)
        else:
            pages.append(read_page(files.texts[path], path, losses))
    for path in (*files.others, *(path for path in files.texts if not _PAGE.search(path))):
        losses.dropped("file", "Not Markdown, a link, or larger than 1 MiB: not taken over.", path)
    parties = Parties(words.system, options, losses, words.parties)
    folder = _Folder(pages, words, options, parties, losses)
    articles = list(valid_drafts(folder.articles(), losses))
    losses.totals.update({"files": len(paths), "articles": len(articles)})
    for draft in parties.created:
        losses.totals[f"created {draft.kind}"] += 1
    drafts = (*valid_drafts(parties.created, losses), *articles)
    return Harvest(drafts, losses.report(words.system), words.as_plain())


class _Folder:
    """All pages of one folder. Each becomes an article, and links between them stay links."""

    def __init__(
        self, pages: list[Page], words: SourceMapping, options: Options, parties: Parties, losses: Losses
    ) -> None:
        self._pages, self._words, self._options = pages, words, options
        self._parties, self._losses = parties, losses
        self._titles = {page.path: self._title(page) for page in pages}
        self._slugs = self._all_slugs()
        self._owner = self._checked_owner()

    def articles(self) -> Iterator[ImportedRecord]:
        """Yields the drafts, sorted by path."""
        links = Links(self._slugs, self._losses)
        for page in self._pages:
            yield self._article(page, links)

    def _all_slugs(self) -> dict[str, str]:
        """Maps each path to a slug: the file's name, after as many folders as it needs to be unique."""
        slugs: dict[str, str] = {}
        taken: set[str] = set()
        for page in self._pages:
            known = self._options.known.find("article", self._key(page))
            if known is not None and known not in taken:
                slugs[page.path] = known
                taken.add(known)
        for page in self._pages:
            if page.path not in slugs:
                slugs[page.path] = next(name for name in self._names(page.path) if self._is_free(name, taken))
                taken.add(slugs[page.path])
        return slugs

    def _key(self, page: Page) -> str:
        return line(page.path, "aliases", self._losses)

    def _names(self, path: str) -> Iterator[str]:
        """Yields slugs for a path, the best first: the name alone, then with more and more folders, then with a
        number."""
        parts = [_CAMEL.sub("-", part) for part in _PAGE.sub("", path).split("/")]
        if _is_folder_page(path):
            parts.pop()
        if not parts or (len(parts) == 1 and parts[0] in _CONTENT_FOLDERS and _is_folder_page(path)):
            parts = [self._titles[path]]
        for first in range(len(parts) - 1, -1, -1):
            yield slug("-".join(parts[first:]), fallback="article")
        number = 1
        while True:
            number += 1
            yield f"{slug('-'.join(parts), fallback='article', limit=54)}-{number}"

    def _is_free(self, name: str, taken: set[str]) -> bool:
        return name not in taken and is_slug(name) and not self._options.known.has("article", name)

    def _checked_owner(self) -> str | None:
        owner = self._options.owner
        if owner is None:
            why = "The source names no owner; see --owner."
            self._losses.noted("owner", why, count=len(self._pages))
            return None
        kind, _, name = owner.partition("/") if "/" in owner else ("team", "/", owner)
        if kind not in ("team", "person") or not self._options.known.has(kind, name):
            raise UsageFault(f'There is no "{owner}" to own the articles.', hint="Name team/<id> or person/<id>.")
        return f"{kind}/{name}"

    def _article(self, page: Page, links: Links) -> ImportedRecord:
        record_id = self._slugs[page.path]
        title = self._titles[page.path]
        body = rewritten(text(page.body, "body", self._losses, limit=1_000_000), title, page.path, links)
        is_list = not body.strip() and bool(contents := self._contents(page))
        body = contents if is_list else body
        data: dict[str, Plain] = {"id": record_id, "kind": "article", "schema": 1, "title": title}
        data |= {"state": self._state(page, body), "type": self._type(page, is_list)}
        data["summary"] = self._summary(page, title, is_list)
        data |= self._extras(page)
        data["aliases"] = {self._words.system: self._key(page)}
        if data["state"] == "published":
            data["imported"] = {"system": self._words.system, "at": write_instant(self._options.now)}
        self._report_unread(page)
        return ImportedRecord("article", record_id, data, body.strip("\n") + "\n" if body.strip() else "")

    def _title(self, page: Page) -> str:
        """Returns the title: from the front matter, or the first heading, or the name of the file or folder."""
        title = line(page.text("title"), "title", self._losses) or line(first_heading(page.body), "title", self._losses)
        if not title:
            folder = posixpath.basename(posixpath.dirname(page.path))
            name = folder if _is_folder_page(page.path) else _stem(page.path)
            title = line(name.replace("-", " ").replace("_", " "), "title", self._losses) or "Introduction"
            title = title[:1].upper() + title[1:]
            self._losses.guessed("title", "Neither front matter nor heading: the file's name was taken.", page.path)
        return title

    def _state(self, page: Page, body: str) -> str:
        if page.text("draft").lower() == "true":
            return "draft"
        if not body.strip():
            self._losses.noted("body", "There is no text: the article is a draft.", page.path)
            return "draft"
        return self._options.article_state

    def _type(self, page: Page, is_list: bool) -> str:
        said = page.text("type").lower().replace("-", "_").replace(" ", "_")
        if said in _TYPES:
            return said
        if said:
            self._losses.dropped("type", "Not a type that articles have.", said)
        return "reference" if is_list else self._options.article_type

    def _summary(self, page: Page, title: str, is_list: bool) -> str:
        said = line(page.text("summary", "description"), "summary", self._losses)
        if said:
            return said
        if is_list:
            self._losses.guessed("summary", "A page of a section: its summary says so.", page.path)
            return f"The pages about {title}."
        first = line(first_sentence(page.body), "summary", self._losses)
        why = "Missing: the first sentence of the text was taken." if first else "Missing: the title was taken."
        self._losses.guessed("summary", why, page.path)
        return first or title

    def _contents(self, page: Page) -> str:
        """Returns the list of the pages below a section page without text, because a site generator shows that list."""
        folder = posixpath.dirname(page.path)
        below = [other for other in self._pages if other is not page and _folder_above(other.path) == folder]
        if not below or not _is_folder_page(page.path):
            return ""
        self._losses.guessed("body", "A section page without text: the list of its pages stands there.", page.path)
        links = (f"- [{_escaped(self._titles[other.path])}]({self._slugs[other.path]}.md)" for other in below)
        return "\n".join(links)

    def _extras(self, page: Page) -> dict[str, Plain]:
        extras: dict[str, Plain] = {}
        if self._owner is not None:
            extras["owner"] = self._owner
        names = page.texts("services", "service")
        services = [found for name in names if (found := self._parties.find("service", name, "services"))]
        if services:
            extras["services"] = [*dict.fromkeys(services)]
        said = [word for key in ("tags", "categories", "keywords") for word in page.texts(key)]
        folders = [part for part in posixpath.dirname(page.path).split("/") if part and part not in _CONTENT_FOLDERS]
        tags = [tag for word in (*folders, *said) if (tag := slug(_CAMEL.sub("-", word), fallback=""))]
        if tags:
            extras["tags"] = [*dict.fromkeys(tags)]
        return extras

    def _report_unread(self, page: Page) -> None:
        for key, value in page.meta.items():
            if key not in _READ and value not in (None, "", [], {}):
                self._losses.dropped(key, "No article has such a field.", value)


def _stem(path: str) -> str:
    return _PAGE.sub("", posixpath.basename(path))


def _folder_above(path: str) -> str | None:
    """Returns the folder whose page lists this one, or None for the page of the whole site."""
    folder = posixpath.dirname(path)
    if not _is_folder_page(path):
        return folder
    return posixpath.dirname(folder) if folder else None


def _is_folder_page(path: str) -> bool:
    return _stem(path).lower() in _FOLDER_PAGES


def _escaped(title: str) -> str:
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", title)
