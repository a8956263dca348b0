"""The answer to a question: approved, pending, refused or unknown, with its whole explanation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.act import Act
    from itsm_as_code.domain.approval.question import Question
    from itsm_as_code.domain.approval.rules import Passed
    from itsm_as_code.domain.approval.seats import Place
    from itsm_as_code.domain.kinds.policy import Seat


class Status(StrEnum):
    """The answers. Only APPROVED is a pass; UNKNOWN is an error, never a pass."""

    APPROVED = "approved"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Filled:
    """One place: whose decision fills it by which act, or nobody's, and who still could. `made_by` is who signed,
    where that was a deputy."""

    place: Place
    seat: Seat
    by: str | None
    act: str | None
    why: str | None
    could: tuple[str, ...]
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Discarded:
    """An act that does not count, and why."""

    act: Act
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer and its whole explanation.

    `blocking` are refusals that stand; `rules` are the names of those that apply, `because` the words of
    those that need nobody; `faults` say what makes the answer unknown. `absent` are makers of blocking refusals who
    may not decide any more, `could_withdraw` people who may take refusals of others back.
    """

    question: Question
    status: Status
    filled: tuple[Filled, ...] = ()
    blocking: tuple[Act, ...] = ()
    discarded: tuple[Discarded, ...] = ()
    proposed_by: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    faults: tuple[str, ...] = ()
    missing_proposal: bool = False
    absent: tuple[str, ...] = ()
    could_withdraw: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the gate is open."""
        return self.status is Status.APPROVED

    @property
    def waits_for_people(self) -> bool:
        """Whether somebody still has to propose it or to fill a seat."""
        return self.missing_proposal or any(each.by is None for each in self.filled)
