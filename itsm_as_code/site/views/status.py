"""Derives how services are from the open incidents and running changes that the audience may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.change import ChangeState
from itsm_as_code.domain.kinds.types import Priority
from itsm_as_code.site.address import href_of
from itsm_as_code.site.words import Badge, BadgeTone, Link

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.kinds.incident import Incident
    from itsm_as_code.domain.kinds.service import Service
    from itsm_as_code.site.publication import Publication


class StatusLevel(IntEnum):
    """How bad it is, the worst first."""

    MAJOR = 0
    PARTIAL = 1
    MAINTENANCE = 2
    DEGRADED = 3
    FINE = 4


_BADGES = {
    StatusLevel.MAJOR: Badge("Major disruption", BadgeTone.BAD),
    StatusLevel.PARTIAL: Badge("Partial disruption", BadgeTone.WARN),
    StatusLevel.MAINTENANCE: Badge("Under maintenance", BadgeTone.HOLD),
    StatusLevel.DEGRADED: Badge("Some problems", BadgeTone.WARN),
    StatusLevel.FINE: Badge("No known problems", BadgeTone.OK),
}

_BY_PRIORITY = {Priority.P1: StatusLevel.MAJOR, Priority.P2: StatusLevel.PARTIAL, Priority.P3: StatusLevel.DEGRADED}
_BESIDES = {Priority.P1: StatusLevel.PARTIAL, Priority.P2: StatusLevel.DEGRADED, Priority.P3: StatusLevel.DEGRADED}
"""For services that an incident also affects. Its priority is about its main service, so these levels are milder."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A service's state and the reasons for it."""

    name: str
    href: str
    group: str
    level: StatusLevel
    badge: Badge
    because: tuple[Link, ...]


def status_of(publication: Publication, service: Service) -> ServiceStatus:
    """Returns the worst of the open incidents, by priority, and of the changes with an outage now.

    P4 and P5 do not count, because they concern single users.
    """
    causes = [
        (_level(each, service), each)
        for each in publication.incidents_of.get(service.id, ())
        if publication.is_open(each)
    ]
    running = [c for c in publication.changes_of.get(service.id, ()) if _under_way(publication, c)]
    felt = [
        *((level, each) for level, each in causes if level < StatusLevel.FINE),
        *((StatusLevel.MAINTENANCE, c) for c in running),
    ]
    level = min((level for level, _ in felt), default=StatusLevel.FINE)
    because = tuple(Link(each.title, href_of(each), each.id) for _, each in sorted(felt, key=lambda pair: pair[0]))
    group = service.status_page.group if service.status_page else None
    return ServiceStatus(service.name, href_of(service), group or "Services", level, _BADGES[level], because)


def shown_on_status_page(service: Service) -> bool:
    """Returns whether readers see the service among the current states. By default they do."""
    return service.status_page is None or service.status_page.shown


def _level(incident: Incident, service: Service) -> StatusLevel:
    if incident.major is not None:
        return StatusLevel.MAJOR
    levels = _BY_PRIORITY if incident.service == service.id else _BESIDES
    return levels.get(incident.current("priority"), StatusLevel.FINE)


def _under_way(publication: Publication, change: Change) -> bool:
    """Returns whether users may notice the change at the site's instant."""
    if change.outage is None or not change.outage.expected:
        return False
    if change.state is ChangeState.IMPLEMENTING:
        return True
    window = change.window
    inside = window is not None and window.start <= publication.at < window.end
    return change.state is ChangeState.SCHEDULED and inside
