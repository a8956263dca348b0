"""Builds a site: a snapshot becomes {path: bytes}. The same input gives the same bytes on every day and machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.kinds.request_item import RequestItem
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.site.address import SITE_ROOT, way_up
from itsm_as_code.site.audience import VisibleRecords
from itsm_as_code.site.environment import SECURITY_POLICY, environment
from itsm_as_code.site.guard import HiddenIds
from itsm_as_code.site.markdown import Markdown
from itsm_as_code.site.moments import Moments
from itsm_as_code.site.publication import Publication
from itsm_as_code.site.references import References
from itsm_as_code.site.views import (
    about,
    catalogue,
    changes,
    home,
    incidents,
    knowledge,
    problems,
    services,
    slas,
    teams,
)

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment

    from itsm_as_code.domain.kinds.article import Verification
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.site.page import Page
    from itsm_as_code.site.sla_line import SlaLines

STATIC = ("site.css", "site.js", "theme.js", "icon.svg")
"""Pages use these files, from `static/` of the loader. Their names in the site contain a hash of their content."""

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""This is the instant of a workspace in which nothing has happened yet."""

_ANCHORED = re.compile(r'"@/([^"#]*)#(h-[^"]*)"')
_ID = re.compile(r' id="([^"]*)"')


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The audience and the instant of a site, and what it needs from outside.

    `base_url` is needed only for absolute addresses; every link is relative. With `live`, `at` is the real time of
    building, so that readers can be warned when the pages get older than the workspace promised.
    `verifications` maps articles to the newest verification that a person signed. `read` returns the bytes of an
    attachment by its path in the workspace; without it, texts show no attachments. `sandboxed` says that some templates
    are the workspace's own.
    """

    audience: Visibility = Visibility.STAFF
    at: datetime | None = None
    live: bool = False
    base_url: str | None = None
    sla_lines: SlaLines = field(default_factory=dict)
    verifications: Mapping[str, Verification] = field(default_factory=dict)
    read: Callable[[str], bytes] | None = None
    sandboxed: bool = False


def build(snapshot: Snapshot, loader: BaseLoader, options: SiteOptions) -> dict[str, bytes]:
    """Returns all files of the site, sorted by their path relative to its root.

    The templates come from `loader`. Without `options.at`, the site speaks as of the newest timeline entry that the
    audience may see.
    """
    records = VisibleRecords(snapshot, options.audience)
    at = options.at or newest_instant(records) or UNDATED
    references = References(records, attached=options.read is not None)
    publication = Publication(records, Markdown(references), at, options.sla_lines, options.verifications)
    clock = Moments(records.settings.time_zone)
    templates = environment(loader, clock, sandboxed=options.sandboxed)
    assets = dict(_assets(templates))
    templates.globals.update(site=_frame(publication, options, assets))
    rendered = {page.path: _render(templates, page) for page in _pages(publication, clock)}
    files = dict(assets.values())
    files.update(_finished(rendered, HiddenIds(records)))
    if options.read is not None:
        files.update((path, options.read(path)) for path in references.shown)
    return dict(sorted(files.items()))


def newest_instant(records: VisibleRecords) -> datetime | None:
    """Returns the newest instant of a timeline that the audience may see, or None if there is no ticket."""
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.kinds.incident import Incident
    from itsm_as_code.domain.kinds.problem import Problem

    tickets = [*records.of(Incident), *records.of(Change), *records.of(Problem)]
    return max((entry.recorded or entry.at for ticket in tickets for entry in ticket.timeline), default=None)


def _pages(publication: Publication, clock: Moments) -> Iterator[Page]:
    yield from home.pages(publication)
    yield from knowledge.pages(publication)
    yield from incidents.pages(publication)
    yield from changes.pages(publication, clock)
    yield from problems.pages(publication)
    yield from services.pages(publication)
    yield from slas.pages(publication)
    yield from catalogue.pages(publication)
    yield from teams.pages(publication)
    yield from about.pages(publication)


def _assets(templates: Environment) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Yields each name with (path in the site, content)."""
    assert templates.loader is not None
    for name in STATIC:
        content = templates.loader.get_source(templates, f"static/{name}")[0].encode()
        stem, _, suffix = name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:8]
        yield name, (f"assets/{stem}-{digest}.{suffix}", content)


def _frame(publication: Publication, options: SiteOptions, assets: Mapping[str, tuple[str, bytes]]) -> dict[str, Any]:
    """Returns what every page shows around its view."""
    settings = publication.records.settings
    promise = settings.site.status_promise
    return {
        "name": settings.name,
        "at": None if publication.at is UNDATED else publication.at,
        "audience": options.audience.value,
        "base_url": (options.base_url or "").rstrip("/"),
        "policy": SECURITY_POLICY,
        "promise": promise.seconds if promise is not None and options.live else 0,
        "assets": {name: path for name, (path, _) in assets.items()},
        "sections": tuple(_sections(publication)),
    }


def _sections(publication: Publication) -> Iterator[tuple[str, str]]:
    """Yields folder and name of each part of the navigation. Two parts appear only if they have content."""
    yield from (
        ("knowledge", "Knowledge"),
        ("incidents", "Incidents"),
        ("changes", "Changes"),
        ("services", "Services"),
    )
    if any(publication.records.of(RequestItem)):
        yield ("catalogue", "Requests")
    if any(publication.records.of(Sla)):
        yield ("slas", "SLAs")


def _render(templates: Environment, page: Page) -> str:
    return templates.get_template(page.template).render(page=page, view=page.view)


def _finished(rendered: Mapping[str, str], guard: HiddenIds) -> Iterable[tuple[str, bytes]]:
    """Yields the pages as bytes, with relative links, no dead anchors and no hidden ids."""
    wanted = {match[1] for html in rendered.values() for match in _ANCHORED.finditer(html)}
    anchors = {path: set(map(unescape, _ID.findall(rendered[path]))) for path in wanted if path in rendered}

    def existing(match: re.Match[str]) -> str:
        known = unescape(match[2]) in anchors.get(match[1], ())
        return match[0] if known else f'"{SITE_ROOT}{match[1]}"'

    for path, html in rendered.items():
        whole = _ANCHORED.sub(existing, html).replace(f'"{SITE_ROOT}', f'"{way_up(path)}')
        yield path, guard.clean(whole).encode()
