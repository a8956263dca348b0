"""Defines a page before it is rendered: its path, its title, its template and its view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsm_as_code.site.words import Link


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `section` is its part of the navigation; `crumbs` lead to it, home first."""

    path: str
    template: str
    title: str
    view: Any
    section: str = ""
    crumbs: tuple[Link, ...] = ()
    description: str = ""
