"""Shows SLAs: what is promised, in which hours, and how the clocks are. Each number leads to its tickets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.incident import Incident
from itsm_as_code.domain.kinds.problem import Problem
from itsm_as_code.domain.kinds.sla import Sla
from itsm_as_code.domain.kinds.types import ActiveState
from itsm_as_code.site.address import href, href_of, page_for
from itsm_as_code.site.page import Page
from itsm_as_code.site.sla_line import SlaLine, SlaLineStatus, target_order
from itsm_as_code.site.views.incidents import HOME
from itsm_as_code.site.words import Badge, Link, badge, duration, words

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.sla import SlaVersion, Target
    from itsm_as_code.site.publication import Publication

SECTION = Link("SLAs", href("slas/index.html"))
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")
_ORDER = tuple(SlaLineStatus)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target, with the time that each priority gets (`–` if nothing is promised)."""

    name: str
    durations: tuple[str, ...]
    warn_at: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of clocks of a target in one state. The link leads to them."""

    badge: Badge
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """A target's clocks. `attained` is the share of met among met and breached; it is empty while there are none of
    both."""

    target: str
    attained: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SlaSummary:
    """An SLA in the list and on its page."""

    name: str
    href: str
    sort: str
    since: date
    description: Markup
    calendar: str
    hours: tuple[str, ...]
    targets: tuple[TargetLine, ...]
    figures: tuple[TargetFigures, ...]


@dataclass(frozen=True, slots=True)
class TicketClock:
    """One clock with its ticket."""

    ticket: Link
    target: str
    due_at: datetime | None
    used: str
    allowed: str
    why: str


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """The clocks of an agreement that have the same status."""

    badge: Badge
    anchor: str
    clocks: tuple[TicketClock, ...]


@dataclass(frozen=True, slots=True)
class SlaView:
    """One agreement with all its clocks."""

    agreement: SlaSummary
    standings: tuple[StatusGroup, ...]


def pages(publication: Publication) -> Iterator[Page]:
    """Yields the overview and a page for each agreement."""
    lines = _visible_lines(publication)
    slas = list(publication.records.of(Sla))
    agreements = {sla.id: _agreement(publication, sla, lines[sla.id]) for sla in slas}
    in_force = tuple(agreements[sla.id] for sla in slas if sla.state is ActiveState.ACTIVE)
    yield Page("slas/index.html", "slas.html", "Service levels", in_force, "slas", (HOME,))
    for sla in slas:
        path = page_for(sla)
        shown = SlaView(agreements[sla.id], tuple(_by_status(publication, lines[sla.id])))
        yield Page(path, "sla.html", sla.name, shown, "slas", (HOME, SECTION))


def _visible_lines(publication: Publication) -> dict[str, list[tuple[str, SlaLine]]]:
    """Maps an SLA to (ticket, clock) for tickets that have a page here. The public sees promises, but no clocks."""
    found: dict[str, list[tuple[str, SlaLine]]] = defaultdict(list)
    tickets = [t.id for t in (*publication.incidents, *publication.problems)] if publication.records.sees_notes else []
    for ticket in tickets:
        for line in publication.sla_lines.get(ticket, ()):
            found[line.sla].append((ticket, line))
    return found


def _agreement(publication: Publication, sla: Sla, lines: list[tuple[str, SlaLine]]) -> SlaSummary:
    version = _in_force(sla, publication.at.date())
    calendar = publication.records.get(Calendar, version.calendar)
    targets = sorted(version.targets.items(), key=lambda pair: target_order(pair[0]))
    return SlaSummary(
        name=sla.name,
        href=href_of(sla),
        sort={"sla": "SLA with customers", "ola": "OLA between teams", "uc": "Contract with a supplier"}[sla.agreement],
        since=version.effective_from,
        description=publication.note(sla.description, sla),
        calendar=calendar.name
        if calendar is not None
        else ("24 hours a day, every day" if version.calendar is None else ""),
        hours=tuple(_hours(calendar, publication.at.date())) if calendar is not None else (),
        targets=tuple(_target(name, target) for name, target in targets),
        figures=tuple(_figures(sla, lines)),
    )


def _in_force(sla: Sla, today: date) -> SlaVersion:
    return next((v for v in reversed(sla.versions) if v.effective_from <= today), sla.versions[0])


def _target(name: str, target: Target) -> TargetLine:
    durations = tuple(str(target.duration.for_priority(priority) or "–") for priority in PRIORITIES)
    return TargetLine(words(name), durations, ", ".join(f"{percent} %" for percent in target.warn_at))


def _hours(calendar: Calendar, today: date) -> Iterator[str]:
    """Yields the weekly hours in words, with days of equal hours together: `Mon–Fri 08:00-18:00`."""
    version = next((v for v in reversed(calendar.versions) if v.effective_from <= today), calendar.versions[0])
    hours = [", ".join(map(str, getattr(version.weekly, day))) for day in _DAYS]
    start = 0
    for index in range(1, 8):
        if index < 7 and hours[index] == hours[start]:
            continue
        if hours[start]:
            first, last = _DAYS[start].capitalize(), _DAYS[index - 1].capitalize()
            yield f"{first if start == index - 1 else f'{first}–{last}'} {hours[start]}"
        start = index
    yield f"Time zone {version.time_zone}"


def _figures(sla: Sla, lines: list[tuple[str, SlaLine]]) -> Iterator[TargetFigures]:
    by_target: dict[str, Counter[SlaLineStatus]] = defaultdict(Counter)
    for _, line in lines:
        by_target[line.target][line.status] += 1
    for target, counts in sorted(by_target.items(), key=lambda pair: target_order(pair[0])):
        decided = counts[SlaLineStatus.MET] + counts[SlaLineStatus.BREACHED]
        attained = f"{counts[SlaLineStatus.MET] * 1000 // decided / 10:.1f} %" if decided else ""
        figures = tuple(Figure(badge(s), counts[s], f"{href_of(sla)}#{_anchor(s)}") for s in _ORDER if counts[s])
        yield TargetFigures(words(target), attained, figures)


def _anchor(status: SlaLineStatus) -> str:
    return f"clocks-{status.value.replace('_', '-')}"


def _by_status(publication: Publication, lines: list[tuple[str, SlaLine]]) -> Iterator[StatusGroup]:
    for status in _ORDER:
        found = [_ticket_clock(publication, ticket, line) for ticket, line in lines if line.status is status]
        if found:
            yield StatusGroup(badge(status), _anchor(status), tuple(found))


def _ticket_clock(publication: Publication, ticket: str, line: SlaLine) -> TicketClock:
    link = publication.link(Incident, ticket) or publication.link(Problem, ticket)
    assert link is not None
    return TicketClock(link, words(line.target), line.due_at, duration(line.elapsed), duration(line.allowed), line.why)
