"""The debt that an emergency opens: a post-implementation review is due. Computed from the record, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.gates import BEYOND
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
    """When an emergency change first went past its gate, as its timeline says; None where it owes nothing.

    A change that was cancelled before work began owes nothing.
    """
    if change.type != "emergency" or change.imported is not None or change.state not in BEYOND["change"]["scheduled"]:
        return None
    taken_back = change.voided
    entered = (
        entry.at
        for index, entry in enumerate(change.timeline)
        if index not in taken_back and entry.state in BEYOND["change"]["scheduled"]
    )
    return next(entered, None)


def debt_of(change: Change, asked: Question, acts: Iterable[Act], deadlines: Deadlines, since: datetime) -> Debt:
    """The debt of a change that went past its gate at `since`; `asked` is the question of that gate.

    Any sound approval by somebody who wrote, asked for or proposed the change makes the time shorter, also beside
    others: in doubt the review comes early.
    """
    sound = [act for act in acts if act.fault is None and act.gate == asked.gate and act.digest == asked.digest]
    barred = {*asked.disqualified, *(a.stands_for for a in sound if a.decision is Decision.PROPOSED)}
    alone = any(act.decision is Decision.APPROVED and act.stands_for in barred for act in sound)
    time_left = length(deadlines.post_review_self_approved if alone else deadlines.post_review)
    day = ticket_day(change.id) or since.astimezone(UTC).date()
    latest = datetime.combine(day, time.min, UTC) + REACH
    return Debt(change.id, asked.owner_team, since, min(since + time_left, latest), alone)
