"""A page before it is rendered: where it is, what it is called, which template shows which view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsm_as_code.site.words import Link


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `section` is the part of the navigation that it belongs to; `crumbs` lead to it, home first."""

    path: str
    template: str
    title: str
    view: Any
    section: str = ""
    crumbs: tuple[Link, ...] = ()
    description: str = ""
