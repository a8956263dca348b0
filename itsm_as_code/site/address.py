"""Where pages are: an id is a permanent address. Links are written `@/…` and made relative at the very end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record

SITE_ROOT = "@/"
"""Stands for the way from a page to the site's root, until the page's depth is known."""

SECTIONS = {
    "article": "knowledge",
    "incident": "incidents",
    "change": "changes",
    "problem": "problems",
    "service": "services",
    "sla": "slas",
    "request-item": "catalogue",
}
"""Kinds with a page for each record, and the folder of the site that it is in."""

TEAMS = "teams/index.html"


def page_of(kind: str, record_id: str) -> str | None:
    """The path of a record's page in the site, or None where records of the kind have none."""
    folder = SECTIONS.get(kind)
    return f"{folder}/{record_id}/index.html" if folder is not None else None


def page_for(record: Record) -> str:
    """The path of the record's page. Raises KeyError for kinds without pages."""
    return f"{SECTIONS[record.KIND]}/{record.id}/index.html"


def href(path: str) -> str:
    """A link to a path in the site, for templates."""
    return SITE_ROOT + path


def href_of(record: Record) -> str:
    """A link to the record's page. Raises KeyError for kinds without pages."""
    return SITE_ROOT + page_for(record)


def href_of_team(team_id: str) -> str:
    """A link to the team's part of the teams page."""
    return f"{SITE_ROOT}{TEAMS}#team-{team_id}"


def way_up(path: str) -> str:
    """The relative way from the page at `path` to the site's root: empty, `../`, `../../` …"""
    return "../" * path.count("/")
