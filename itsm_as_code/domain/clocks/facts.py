"""Turns a ticket's timeline into the facts that clocks read, at each moment when they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.calendars.zone import epoch
from itsm_as_code.domain.condition.fields import (
    FLAG,
    LEVEL,
    NUMBER,
    PRIORITY,
    TEXT,
    WORD,
    Fields,
    Value,
    ValueType,
    choice,
)

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.ticket import Ticket

TRACKED = ("state", "reason", "impact", "urgency", "priority", "assignee", "team")


CONTEXT_FIELDS: Fields = {"tier": NUMBER.or_unset()}
"""The fields that `applies_to` may name besides the ticket's own: the tier of its service."""


def clock_fields(states: Iterable[str] = ()) -> Fields:
    """Returns the fields that conditions of clocks may name. If `states` are given, no other state is allowed.

    `responded` becomes true with the first entry that has `response: true`. `update` is true for an entry that tells
    the requester or the public something; only `repeat` can make use of it.
    """
    names = tuple(dict.fromkeys(states))
    state: ValueType = choice(*names) if names else WORD
    return {
        "state": state.or_unset(),
        "reason": TEXT.or_unset(),
        "impact": LEVEL.or_unset(),
        "urgency": LEVEL.or_unset(),
        "priority": PRIORITY.or_unset(),
        "assignee": WORD.or_unset(),
        "team": WORD.or_unset(),
        "responded": FLAG,
        "update": FLAG,
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """The facts from the instant `at` on (seconds since 1970). `entry` is the index of the entry that set them."""

    at: int
    facts: Mapping[str, Value]
    entry: int


def moments_of(ticket: Ticket, now: datetime) -> tuple[Moment, ...]:
    """Returns the moments at which facts changed, in the order of `at`.

    Entries later than `now` are ignored, including what they take back. Void entries are left out. An entry that was
    recorded later counts at its `at`.
    """
    return _fold(ticket.timeline, _shown(ticket, now))


def _shown(ticket: Ticket, now: datetime) -> list[int]:
    """Returns the indexes of the entries that count at `now`, in the order of `at` and then of the file."""
    timeline = ticket.timeline
    seen = [index for index, entry in enumerate(timeline) if entry.at <= now]
    as_of_now = ticket
    if len(seen) < len(timeline):
        as_of_now = ticket.model_copy(update={"timeline": tuple(timeline[index] for index in seen)})
    taken_back = {seen[index] for index in as_of_now.voided}
    return sorted((index for index in seen if index not in taken_back), key=lambda index: timeline[index].at)


def _fold(timeline: tuple[Any, ...], indexes: list[int]) -> tuple[Moment, ...]:
    facts: dict[str, Value] = {**dict.fromkeys(TRACKED), "responded": False, "update": False}
    moments = []
    for index in indexes:
        entry = timeline[index]
        changed = _changes(entry, facts)
        if changed:
            facts = facts | changed
            moments.append(Moment(epoch(entry.at), facts, index))
    return tuple(moments)


def _changes(entry: Any, facts: Mapping[str, Value]) -> dict[str, Value]:
    given = vars(entry)
    found = {name: given[name] for name in TRACKED if given.get(name) is not None}
    responded = bool(given.get("response"))
    update = responded or entry.public is not None
    if responded:
        found["responded"] = True
    if update or found or facts["update"]:
        found["update"] = update
    return found
