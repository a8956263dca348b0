"""Says where pages are. An id gives a permanent address. Links are written as `@/…` and made relative at the very
end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

SITE_ROOT = "@/"
"""This stands for the way from a page to the site's root until the page's depth is known."""

SECTIONS = {
    "article": "knowledge",
    "incident": "incidents",
    "change": "changes",
    "problem": "problems",
    "service": "services",
    "sla": "slas",
    "request-item": "catalogue",
}
"""Maps each kind that has a page per record to the folder of these pages."""

TEAMS = "teams/index.html"


def page_of(kind: str, record_id: str) -> str | None:
    """Returns the path of a record's page in the site, or None if records of this kind have no page."""
    folder = SECTIONS.get(kind)
    return f"{folder}/{record_id}/index.html" if folder is not None else None


def page_for(record: Record) -> str:
    """Returns the path of the record's page. Raises KeyError for kinds without pages."""
    return f"{SECTIONS[record.KIND]}/{record.id}/index.html"


def href(path: str) -> str:
    """Returns a link to a path in the site, for templates."""
    return SITE_ROOT + path


def href_of(record: Record) -> str:
    """Returns a link to the record's page. Raises KeyError for kinds without pages."""
    return SITE_ROOT + page_for(record)


def href_of_team(team_id: str) -> str:
    """Returns a link to the team on the page of teams."""
    return f"{SITE_ROOT}{TEAMS}#team-{team_id}"


def way_up(path: str) -> str:
    """Returns the relative way from the page at `path` to the site's root: empty, `../`, `../../` …"""
    return "../" * path.count("/")
