"""Computes the debt of an emergency change: the post-implementation review that is due. It is never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.gates import went_past
from itsm_as_code.domain.ids import ticket_day
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.kinds.change import Change
    from itsm_as_code.domain.settings import Deadlines

REACH = timedelta(days=180)
"""A window ends, and a debt is due, at most this long after the date in the change's id: checks search these ids."""

FRESH = timedelta(days=30)
"""An emergency must begin at most this long after its id's date, so that its review is due within REACH."""


@dataclass(frozen=True, slots=True)
class Debt:
    """A review that a team owes for an emergency change, by `due`. `team` is None if nobody owns the service."""

    change: str
    team: str | None
    since: datetime
    due: datetime
    self_approved: bool

    def overdue(self, now: datetime) -> bool:
        """Tells whether the deadline has passed. At the exact deadline it has."""
        return now >= self.due

    @property
    def words(self) -> str:
        """Describes the debt for messages."""
        why = ", earlier because an author approved it" if self.self_approved else ""
        return f"{self.change} lacks its post-implementation review, due {write_instant(self.due)}{why}"


def entered_at(change: Change) -> datetime | None:
    """Returns when an emergency change first went past its gate, or None if it owes no review.

    It owes none if it was cancelled or taken back to draft before work began.
    """
    return went_past(change) if change.type == "emergency" and change.imported is None else None


def entry_fault(change_id: str, now: datetime) -> str | None:
    """Returns why an emergency with this id may not begin at `now`, or None.

    Checks find debts by the date in the id, so it must be recent. `now` is compared and not the timeline, because an
    author can write any instant into the timeline.
    """
    day, today = ticket_day(change_id), now.astimezone(UTC).date()
    if day is None or day > today + timedelta(days=1):
        return "the id of an emergency may not name a day in the future: create a new change"
    if today - day > FRESH:
        return f"the id names {day}, and an emergency must begin within {FRESH.days} days of it: create a new change"
    return None


def _latest(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) + REACH


def debt_of(change: Change, asked: Question, acts: Iterable[Act], deadlines: Deadlines, since: datetime) -> Debt:
    """Returns the debt of a change that went past its gate at `since`. `asked` is the question of that gate.

    The time is shorter if an author, requester or proposer approved the change, in person or through a deputy, even if
    others approved it too or the content changed later. So an edit can never delay the review.
    """
    sound = [act for act in acts if act.fault is None and act.gate == asked.gate]
    proposals = [act for act in sound if act.decision is Decision.PROPOSED]
    barred = {*asked.disqualified, *(person for act in proposals for person in (act.by, act.stands_for))}
    alone = any(act.decision is Decision.APPROVED and not barred.isdisjoint({act.by, act.stands_for}) for act in sound)
    time_left = deadlines.post_review.as_timedelta()
    if alone:
        time_left = min(time_left, deadlines.post_review_self_approved.as_timedelta())
    day = ticket_day(change.id)
    due = since + time_left if day is None else min(since + time_left, _latest(day))
    return Debt(change.id, asked.owner_team, since, due, alone)
