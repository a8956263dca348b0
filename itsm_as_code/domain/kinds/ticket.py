"""Tickets are their timeline: tracked fields exist only in entries, and the state is derived from them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from itsm_as_code.domain.kinds.base import Actor, Part, Record
from itsm_as_code.domain.kinds.types import (
    NOT_MATERIAL,
    TRACKED,
    Assignee,
    Flag,
    Instant,
    Level,
    Line,
    PersonRef,
    Priority,
    TeamRef,
    Text,
    describe,
)
from itsm_as_code.domain.remember import for_the_last


class Redaction(Part):
    """The tombstone of a text that was taken out of the timeline."""

    by: PersonRef = describe("Who took the text out.")
    at: Instant = describe("When it was taken out.")
    reason: Line = describe("Why it had to go.")


class Entry(Part):
    """One thing that happened to a ticket. Entries are appended, never edited; `redact` is the one exception."""

    at: Instant = describe("When it happened. May lie before it was written down: then `recorded` is there too.")
    by: Actor = describe("Who did it.")
    recorded: Instant | None = describe("When it was written down, where that is later than `at`.", default=None)
    recorded_by: PersonRef | None = describe("Who wrote it down, where that is not `by`.", default=None)
    imported: Flag = describe(
        "True where another system's history was taken over: its steps and priorities are kept as they were.",
        default=False,
    )
    void: Instant | None = describe(
        "Takes back the entry that the same person made at this instant, at most ten minutes ago.",
        default=None,
    )
    note: Text | None = describe("What was seen, done or decided; Markdown, for the team.", default=None)
    public: Text | None = describe("What readers of the status page are told.", default=None)
    redacted: Redaction | None = describe("Set by `itsm redact`: a text was taken out here.", default=None)


class TicketEntry(Entry):
    """An entry of an incident, problem or request."""

    reason: Annotated[Line | None, TRACKED] = describe(
        "Why the ticket is in its state: what it waits for, why it was reopened or cancelled.", default=None
    )
    impact: Annotated[Level | None, TRACKED] = describe("How much is affected: high, medium or low.", default=None)
    urgency: Annotated[Level | None, TRACKED] = describe("How soon it must be mended.", default=None)
    priority: Annotated[Priority | None, TRACKED] = describe(
        "P1 to P5, from impact and urgency by the workspace's matrix, written by the entry that sets them.",
        default=None,
    )
    assignee: Annotated[Assignee | None, TRACKED] = describe("Who works on it, or `nobody`.", default=None)
    team: Annotated[TeamRef | None, TRACKED] = describe("Which team has it.", default=None)
    response: Flag = describe("True where this is the first response to the requester.", default=False)


_NONE: frozenset[int] = frozenset()


@for_the_last
def _told(timeline: tuple[Entry, ...]) -> frozenset[str]:
    return frozenset().union(*(entry.__pydantic_fields_set__ for entry in timeline))


class Ticket(Record):
    """A record with a timeline. Subclasses declare `timeline` with entries of their own.

    The derived values below follow the timeline in file order, which is the order of `at`.
    """

    TRACKED_FIELDS: ClassVar[tuple[str, ...]] = ()

    title: Line = describe("What it is about, in the requester's words, on one line.")
    timeline: Annotated[tuple[Any, ...], NOT_MATERIAL]

    def current(self, field: str) -> Any:
        """The value of a tracked field now: that of the newest entry that has it and was not taken back."""
        taken_back = self.voided
        for index in range(len(self.timeline) - 1, -1, -1):
            value = getattr(self.timeline[index], field)
            if value is not None and index not in taken_back:
                return value
        return None

    @property
    def told(self) -> frozenset[str]:
        """The fields that any entry has: for what is not among them the timeline needs no look."""
        return _told(self.timeline)

    @property
    def voided(self) -> frozenset[int]:
        """Indexes of entries that a later entry of the same person takes back."""
        if "void" not in self.told:
            return _NONE
        standing: dict[tuple[Any, Any], list[int]] = {}
        found = set()
        for index, entry in enumerate(self.timeline):
            if entry.void is not None and (earlier := standing.get((entry.void, entry.by))):
                found.add(earlier.pop())  # the newest of that person and instant that still stands
            standing.setdefault((entry.at, entry.by), []).append(index)
        return frozenset(found)

    @property
    def state(self) -> Any:
        """The current state, one of the kind's states."""
        return self.current("state")

    @property
    def opened_at(self) -> Any:
        """When the first entry happened."""
        return self.timeline[0].at
