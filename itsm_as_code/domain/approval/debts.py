"""The debt that an emergency opens: a post-implementation review is due. Computed from the record, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.gates import went_past
from itsm_as_code.domain.approval.verdict import length
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.settings import Deadlines

REACH = timedelta(days=180)
"""A debt falls due within this time of the date in the change's id, so that a check knows where to look."""

FRESH = timedelta(days=30)
"""An emergency begins within this time of its id's date, so that what it owes falls due, and blocks, within reach."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What a team owes for an emergency change: a review by `due`. `team` is None where nobody owns the service."""

    change: str
    team: str | None
    since: datetime
    due: datetime
    self_approved: bool

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed; at the deadline it has."""
        return now >= self.due

    @property
    def words(self) -> str:
        """What is owed, in words."""
        why = ", shorter because an author approved it" if self.self_approved else ""
        return f"{self.change} lacks its post-implementation review, due {write_instant(self.due)}{why}"


def entered_at(change: Change) -> datetime | None:
    """When an emergency change first went past its gate; None where it owes nothing.

    A change that was cancelled or taken back to draft before work began owes nothing.
    """
    return went_past(change) if change.type == "emergency" and change.imported is None else None


def entry_fault(change_id: str, now: datetime) -> str | None:
    """Why an emergency may not begin under its id, or None: a check finds what it owes by the id's date.

    Judged by the clock, since the timeline's first instant is the author's word.
    """
    day, today = ticket_day(change_id), now.astimezone(UTC).date()
    if day is None or day > today + timedelta(days=1):
        return "the id of an emergency may not name a day that has yet to come: make a new change"
    if today - day > FRESH:
        return f"the id names {day}, and an emergency may begin within {FRESH.days} days of it: make a new change"
    return None


def _latest(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) + REACH


def debt_of(change: Change, asked: Question, acts: Iterable[Act], deadlines: Deadlines, since: datetime) -> Debt:
    """The debt of a change that went past its gate at `since`; `asked` is the question of that gate.

    Any sound approval by somebody who wrote, asked for or proposed the change makes the time shorter, also beside
    others, and also of earlier content: in doubt the review comes early, and no edit puts it off.
    """
    sound = [act for act in acts if act.fault is None and act.gate == asked.gate]
    barred = {*asked.disqualified, *(a.stands_for for a in sound if a.decision is Decision.PROPOSED)}
    alone = any(act.decision is Decision.APPROVED and act.stands_for in barred for act in sound)
    time_left = length(deadlines.post_review)
    if alone:
        time_left = min(time_left, length(deadlines.post_review_self_approved))
    latest = _latest(ticket_day(change.id) or since.astimezone(UTC).date())
    return Debt(change.id, asked.owner_team, since, min(since + time_left, latest), alone)
