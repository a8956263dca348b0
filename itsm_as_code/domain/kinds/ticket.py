"""Defines what all tickets share. Tracked fields, such as the state, are only written in entries of the timeline."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from itsm_as_code.domain.kinds.base import Actor, Part, Record
from itsm_as_code.domain.kinds.types import (
    LOGGED,
    NOT_MATERIAL,
    SHOWN,
    TRACKED,
    Assignee,
    Flag,
    Instant,
    Level,
    Line,
    NotMaterial,
    PersonRef,
    Priority,
    TeamRef,
    Text,
    describe,
)
from itsm_as_code.domain.remember import cache_last

HISTORY = NotMaterial(
    shown=True,
    power="It says the state, and people decide on a step into a gated one. Debts, freezes and SLAs read it too.",
)
STEP = NotMaterial(shown=True, power="It is the state. People decide on a step into a gated state.")
SINCE = NotMaterial(
    shown=True, power="SLAs, debts and freezes count from it. LIF050 keeps it from moving when an emergency began."
)
URGENT = NotMaterial(
    shown=True,
    power="A policy may ask for it in the incident or problem of an emergency. Responders set it without approval.",
)
TIMED = NotMaterial(shown=True, power="SLAs read it.")
UNDONE = NotMaterial(shown=True, power="It takes an entry back, its state included. LIF005 says when it may.")
EXEMPT = NotMaterial(
    shown=False, power="It exempts the entry from some rules. LIF012 refuses it in changes and requests."
)


class Redaction(Part):
    """This marks an entry of the timeline from which a text was removed."""

    by: PersonRef = describe("Write the id of the person who removed the text.")
    at: Instant = describe("Write the instant at which the text was removed.")
    reason: Line = describe("Say why the text had to be removed.")


class Entry(Part):
    """One thing that happened to a ticket. Entries are added and never edited, except by `itsm redact`."""

    at: Annotated[Instant, SINCE] = describe(
        "Write the instant at which it happened. If it was written down later, `recorded` says when."
    )
    by: Annotated[Actor, LOGGED] = describe(
        "Name who did it: a person's id, or a map with `name:` for somebody who has no record here."
    )
    recorded: Annotated[Instant | None, LOGGED] = describe(
        "Write the instant at which it was written down, if that is later than `at`.", default=None
    )
    recorded_by: Annotated[PersonRef | None, NOT_MATERIAL] = describe(
        "Write the id of the person who wrote it down, if that is not the one in `by`.", default=None
    )
    imported: Annotated[Flag, EXEMPT] = describe(
        "This is true if the entry was imported from another system. Its steps and priorities stay as they were.",
        default=False,
    )
    void: Annotated[Instant | None, UNDONE] = describe(
        "Write the instant of an entry of the same person that this one takes back, within ten minutes of its landing.",
        default=None,
    )
    note: Annotated[Text | None, LOGGED] = describe(
        "Write for the team what was seen, done or decided. Markdown is allowed.", default=None
    )
    public: Annotated[Text | None, LOGGED] = describe("Write what readers of the status page are told.", default=None)
    redacted: Annotated[Redaction | None, LOGGED] = describe(
        "`itsm redact` fills this in when it removes a text.", default=None
    )


class TicketEntry(Entry):
    """An entry of an incident, problem or request."""

    reason: Annotated[Line | None, TRACKED, TIMED] = describe(
        "Say what the ticket waits for, or why it was reopened or cancelled.", default=None
    )
    impact: Annotated[Level | None, TRACKED, TIMED] = describe(
        "Write how much is affected: high, medium or low.", default=None
    )
    urgency: Annotated[Level | None, TRACKED, TIMED] = describe(
        "Write how soon it must be resolved: high, medium or low.", default=None
    )
    priority: Annotated[Priority | None, TRACKED, URGENT] = describe(
        "Write the priority (P1 to P5) that the matrix gives for impact and urgency, in the entry that sets these.",
        default=None,
    )
    assignee: Annotated[Assignee | None, TRACKED, TIMED] = describe(
        "Write the id of the person who works on the ticket, or `nobody`.", default=None
    )
    team: Annotated[TeamRef | None, TRACKED, TIMED] = describe(
        "Write the id of the team that has the ticket.", default=None
    )
    response: Annotated[Flag, TIMED] = describe(
        "Write true if this is the first response to the requester.", default=False
    )


_NONE: frozenset[int] = frozenset()


@cache_last
def _told(timeline: tuple[Entry, ...]) -> frozenset[str]:
    return frozenset().union(*[entry.__pydantic_fields_set__ for entry in timeline])


@cache_last
def _voided(timeline: tuple[Entry, ...]) -> frozenset[int]:
    if "void" not in _told(timeline):
        return _NONE
    standing: dict[tuple[Any, Any], list[int]] = {}
    found = set()
    for index, entry in enumerate(timeline):
        if entry.void is not None and (earlier := standing.get((entry.void, entry.by))):
            found.add(earlier.pop())  # the newest entry of that person and instant that is not void yet
        standing.setdefault((entry.at, entry.by), []).append(index)
    return frozenset(found)


class Ticket(Record):
    """A record with a timeline. Subclasses declare `timeline` with their own entries.

    The values below are derived from the timeline in file order, which is the order of `at`.
    """

    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = ()

    title: Annotated[Line, SHOWN] = describe("Say on one line, in the requester's words, what the ticket is about.")
    timeline: Annotated[tuple[Any, ...], HISTORY]

    def current(self, field: str) -> Any:
        """Returns the present value of a tracked field: that of the newest entry that sets it and is not void."""
        taken_back = self.voided
        for index in range(len(self.timeline) - 1, -1, -1):
            value = getattr(self.timeline[index], field)
            if value is not None and index not in taken_back:
                return value
        return None

    @property
    def told(self) -> frozenset[str]:
        """The names of all fields that some entry sets. A check can skip the timeline if its field is not there."""
        return _told(self.timeline)

    @property
    def voided(self) -> frozenset[int]:
        """The indexes of void entries: those that a later entry of the same person takes back."""
        return _voided(self.timeline)

    @property
    def state(self) -> Any:
        """The present state, one of the states of the kind."""
        return self.current("state")

    @property
    def opened_at(self) -> Any:
        """The instant of the first entry."""
        return self.timeline[0].at
