"""Shows what all tickets have: their line in a list, their timeline, their SLA clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from itsm_as_code.domain.approval.gates import BEYOND
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.types import NOBODY
from itsm_as_code.site.address import href_of
from itsm_as_code.site.sla_line import target_order
from itsm_as_code.site.words import Badge, Fact, Link, badge, duration, words

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.incident import Incident
    from itsm_as_code.domain.kinds.problem import Problem
    from itsm_as_code.domain.kinds.ticket import Entry, Ticket
    from itsm_as_code.site.publication import Publication
    from itsm_as_code.site.sla_line import SlaLine


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket's line in a list. `start` and `end` are the window of a change; `at` is when the ticket was opened."""

    id: str
    title: str
    href: str
    at: datetime
    state: Badge
    badges: tuple[Badge, ...] = ()
    service: Link | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry of a timeline as the audience may see it."""

    at: datetime
    recorded: datetime | None
    by: str | None
    steps: tuple[str, ...]
    state: Badge | None
    note: Markup
    public: Markup
    redacted: str | None
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """One SLA clock of a ticket."""

    target: str
    agreement: Link
    status: Badge
    due_at: datetime | None
    used: str
    allowed: str
    percent: int
    why: str


def row(publication: Publication, ticket: Incident | Change | Problem) -> Row:
    """Returns the ticket's line in a list."""
    window = ticket.window if isinstance(ticket, Change) else None
    return Row(
        id=ticket.id,
        title=ticket.title,
        href=href_of(ticket),
        at=ticket.opened_at,
        state=_state(ticket),
        badges=_badges(publication, ticket),
        service=publication.link(Service, ticket.service),
        start=window.start if window else None,
        end=window.end if window else None,
    )


def has_begun(change: Change) -> bool:
    """Returns whether work on the change has begun. Before that, its pages show what was approved and nothing else."""
    return change.state in BEYOND["change"]["scheduled"][1:]


def _state(ticket: Incident | Change | Problem) -> Badge:
    if isinstance(ticket, Change) and ticket.outcome is not None and has_begun(ticket):
        return badge(ticket.outcome.code)
    return badge(ticket.state)


def _badges(publication: Publication, ticket: Ticket) -> tuple[Badge, ...]:
    if isinstance(ticket, Change):
        return (badge(ticket.type),)
    major = (Badge("Major", badge("P1").tone),) if getattr(ticket, "major", None) is not None else ()
    priority = ticket.current("priority") if publication.records.sees_notes else None
    return (*major, *((badge(priority),) if priority is not None else ()))


def timeline(publication: Publication, ticket: Ticket) -> tuple[ShownEntry, ...]:
    """Returns what happened, oldest first.

    The public reads states and `public` texts, and nothing that was taken back.
    """
    voided = ticket.voided
    moments = (_moment(publication, ticket, entry, i in voided) for i, entry in enumerate(ticket.timeline))
    if publication.records.sees_notes:
        return tuple(moments)
    return tuple(m for m in moments if not m.taken_back and (m.state is not None or m.public))


def _moment(publication: Publication, ticket: Ticket, entry: Any, taken_back: bool) -> ShownEntry:
    inside = publication.records.sees_notes
    state = entry.state
    return ShownEntry(
        at=entry.at,
        recorded=entry.recorded if inside else None,
        by=publication.person(entry.by),
        steps=tuple(_steps(publication, entry)) if inside else (),
        state=badge(state) if state is not None else None,
        note=publication.note(entry.note if inside else None, ticket),
        public=publication.note(entry.public, ticket),
        redacted=entry.redacted.reason if entry.redacted is not None and inside else None,
        taken_back=taken_back,
    )


def _steps(publication: Publication, entry: Entry) -> list[str]:
    """Returns in words what an entry set, besides the state."""
    steps = []
    values = {name: getattr(entry, name, None) for name in ("priority", "impact", "urgency")}
    if values["priority"] is not None:
        because = [f"{name} {values[name]}" for name in ("impact", "urgency") if values[name] is not None]
        steps.append(f"Priority {values['priority']}" + (f" ({', '.join(because)})" if because else ""))
    assignee, team = getattr(entry, "assignee", None), getattr(entry, "team", None)
    if team is not None and (link := publication.team(team)) is not None:
        steps.append(f"With {link.text}")
    if assignee == NOBODY:
        steps.append("Assigned to nobody")
    elif assignee is not None and (name := publication.person(assignee)) is not None:
        steps.append(f"Assigned to {name}")
    if getattr(entry, "response", False):
        steps.append("First response")
    reason = getattr(entry, "reason", None)
    return [*steps, *([f"Reason: {reason}"] if reason is not None else [])]


def latest(moments: tuple[ShownEntry, ...]) -> ShownEntry | None:
    """Returns the newest entry that tells readers something: a public text, or else a note."""
    told = [m for m in moments if not m.taken_back and m.public] or [m for m in moments if not m.taken_back and m.note]
    return told[-1] if told else None


def clocks(publication: Publication, ticket: Ticket) -> tuple[Clock, ...]:
    """Returns the ticket's SLA clocks. The public sees none."""
    if not publication.records.sees_notes:
        return ()
    lines = publication.sla_lines.get(ticket.id, ())
    return tuple(_clock(publication, line) for line in sorted(lines, key=lambda line: target_order(line.target)))


def _clock(publication: Publication, line: SlaLine) -> Clock:
    from itsm_as_code.domain.kinds.sla import Sla

    return Clock(
        target=words(line.target),
        agreement=publication.link(Sla, line.sla) or Link(words(line.sla)),
        status=badge(line.status),
        due_at=line.due_at,
        used=duration(line.elapsed),
        allowed=duration(line.allowed),
        percent=min(100, line.elapsed * 100 // line.allowed) if line.allowed else 100,
        why=line.why,
    )


def fact(name: str, link: Link | None) -> list[Fact]:
    """Returns a fact with one link, or nothing if the audience may not see it."""
    return [Fact(name, links=(link,))] if link is not None else []


def facts(name: str, links: tuple[Link, ...]) -> list[Fact]:
    """Returns a fact with several links, or nothing."""
    return [Fact(name, links=links)] if links else []


def worded(name: str, text: str | None) -> list[Fact]:
    """Returns a fact in words, or nothing."""
    return [Fact(name, text)] if text else []
