"""How services are: derived from the open incidents and running changes that the audience may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from itsm_as_code.domain.kinds.change import ChangeState
from itsm_as_code.domain.kinds.types import Priority
from itsm_as_code.site.address import href_of
from itsm_as_code.site.words import Badge, Link, Tone

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.kinds.incident import Incident
    from itsm_as_code.domain.kinds.service import Service
    from itsm_as_code.site.publication import Publication


class Level(IntEnum):
    """How bad it is, the worst first."""

    MAJOR = 0
    PARTIAL = 1
    MAINTENANCE = 2
    DEGRADED = 3
    FINE = 4


_BADGES = {
    Level.MAJOR: Badge("Major disruption", Tone.BAD),
    Level.PARTIAL: Badge("Partial disruption", Tone.WARN),
    Level.MAINTENANCE: Badge("Under maintenance", Tone.HOLD),
    Level.DEGRADED: Badge("Some problems", Tone.WARN),
    Level.FINE: Badge("No known problems", Tone.OK),
}

_BY_PRIORITY = {Priority.P1: Level.MAJOR, Priority.P2: Level.PARTIAL, Priority.P3: Level.DEGRADED}
_BESIDES = {Priority.P1: Level.PARTIAL, Priority.P2: Level.DEGRADED, Priority.P3: Level.DEGRADED}
"""For services that an incident affects besides its own: the priority is that of its own."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A service's state and what it follows from."""

    name: str
    href: str
    group: str
    level: Level
    badge: Badge
    because: tuple[Link, ...]


def status_of(publication: Publication, service: Service) -> ServiceStatus:
    """The worst of: open incidents by priority (P4 and P5 concern single users), changes with an outage now."""
    causes = [
        (_level(each, service), each)
        for each in publication.incidents_of.get(service.id, ())
        if publication.is_open(each)
    ]
    running = [c for c in publication.changes_of.get(service.id, ()) if _under_way(publication, c)]
    felt = [
        *((level, each) for level, each in causes if level < Level.FINE),
        *((Level.MAINTENANCE, c) for c in running),
    ]
    level = min((level for level, _ in felt), default=Level.FINE)
    because = tuple(Link(each.title, href_of(each), each.id) for _, each in sorted(felt, key=lambda pair: pair[0]))
    group = service.status_page.group if service.status_page else None
    return ServiceStatus(service.name, href_of(service), group or "Services", level, _BADGES[level], because)


def shown_on_status_page(service: Service) -> bool:
    """Whether readers see the service among the current states; by default they do."""
    return service.status_page is None or service.status_page.shown


def _level(incident: Incident, service: Service) -> Level:
    if incident.major is not None:
        return Level.MAJOR
    levels = _BY_PRIORITY if incident.service == service.id else _BESIDES
    return levels.get(incident.current("priority"), Level.FINE)


def _under_way(publication: Publication, change: Change) -> bool:
    """Whether users may notice the change at the site's instant."""
    if change.outage is None or not change.outage.expected:
        return False
    if change.state is ChangeState.IMPLEMENTING:
        return True
    window = change.window
    inside = window is not None and window.start <= publication.at < window.end
    return change.state is ChangeState.SCHEDULED and inside
